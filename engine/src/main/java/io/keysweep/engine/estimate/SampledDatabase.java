package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;

/**
 * Gives {@link TableSample} and {@link SlotSample} access to the database that they sample. {@link EstimateSource}
 * implements it with a real server, tests with a simulated one.
 */
interface SampledDatabase {

    /**
     * Returns whether the server is a replica. On a replica, a scan hides dead keys but does not remove them. On a
     * primary, a scan removes them.
     */
    boolean replica();

    /**
     * Returns whether the server frees the values of removed keys on its main thread. Large values then block it, so a
     * sample uses smaller calls.
     */
    boolean freesOnMainThread();

    /**
     * Sends one SCAN, then waits to limit the load on the server.
     *
     * @param cursor the cursor at which to begin, unsigned
     * @param count about how many keys to visit
     */
    StepOutcome scan(long cursor, int count) throws InterruptedException;
}
