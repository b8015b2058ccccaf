package io.keysweep.server.autoscan;

/**
 * Holds the limits of a pass, a scan that keeps the number of dead keys of an instance below its backlog target.
 *
 * @param share the largest part of the time of the server's main thread that the pass may take, above 0 to 1
 * @param backlogTarget the number of dead keys that the instance should not exceed. While assist (raised
 *     settings of the server's own expiry) keeps the backlog below it, the pass continues to assist before it sweeps
 */
record PassLimits(double share, long backlogTarget) {}
