package io.keysweep.server.autoscan;

/**
 * Contains the limits of a pass. A pass is a scan that keeps the number of dead keys of an instance below its backlog
 * target.
 *
 * @param share the largest part of the time of the server's main thread that the pass may take, above 0 to 1
 * @param backlogTarget the largest number of dead keys (expired keys that still hold memory) that the instance should
 *     have. A pass may assist (raise the settings of the servers' own expiry) before it sweeps. Assist then continues
 *     for a limited time while it keeps the dead keys at or below this number
 */
record PassLimits(double share, long backlogTarget) {}
