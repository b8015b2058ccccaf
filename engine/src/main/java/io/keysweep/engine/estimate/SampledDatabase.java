package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;

/**
 * Gives {@link TableSample} and {@link SlotSample} access to the database that they sample.
 *
 * <p>{@link EstimateSource} implements it with a real server, and tests with a simulated server. Dead keys are expired
 * keys that still hold memory.
 */
interface SampledDatabase {

    /**
     * Returns whether the server is a replica. On a replica, a scan hides dead keys but does not remove them. On a
     * primary, a scan removes them.
     */
    boolean isReplica();

    /**
     * Returns whether the server frees the values of removed keys on its main thread. Large values then block it, so a
     * sample uses smaller calls.
     */
    boolean freesOnMainThread();

    /**
     * Sends one SCAN, then waits to limit the load on the server.
     *
     * @param cursor the cursor at which to begin, unsigned; 0 for the beginning
     * @param count about how many keys to visit
     * @return the next cursor (0 at the end), the keys visited (on a replica only live ones), and the dead keys removed
     * @throws InterruptedException if the thread is interrupted during the wait
     */
    StepOutcome scan(long cursor, int count) throws InterruptedException;

    /**
     * Returns the sums over the live keys that the scans have read since the last call, and begins new sums. They are
     * empty if the estimate has no picture, which divides the live keys by remaining TTL, type and size.
     */
    default KeyTally takeTally() {
        return KeyTally.EMPTY;
    }
}
