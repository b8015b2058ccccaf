package io.keysweep.server.sweep;

/**
 * An event that a sweep has ended, for the room that decides what comes next in its scan. Published after the commit of the
 * end, on the worker's thread, and again if the worker dies before its execution is removed: a listener must do nothing
 * the second time. An exception of a listener has db-scheduler retry the execution.
 *
 * @param key the sweep
 */
public record SweepEnded(SweepKey key) {}
