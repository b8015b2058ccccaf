package io.keysweep.server.sweep;

/**
 * Reports that a sweep has ended, so that its scan can begin the next sweep or end.
 *
 * <p>A sweep is the part of a scan that visits one primary. {@link SweepSettlement} publishes the event on the thread
 * of the worker, after the commit of the end. If the worker dies before it has removed the execution (db-scheduler's
 * entry for the sweep), another worker publishes the event again. A listener must therefore do nothing the second time.
 * If a listener throws an exception, db-scheduler repeats the execution.
 *
 * @param key key of the sweep
 */
public record SweepEnded(SweepKey key) {}
