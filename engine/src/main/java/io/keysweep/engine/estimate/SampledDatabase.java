package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;

/** Gives access to one database of a server from which a sample is taken, see {@link EstimateSource}. */
interface SampledDatabase {

    /**
     * Returns whether the server is a replica: it hides dead keys and keeps them. On a primary, a scan reclaims them.
     */
    boolean replica();

    /** Returns whether the sample may reclaim large values that the server frees on its main thread. */
    boolean freesOnMainThread();

    /** Scans some keys, then waits to limit the load. Dead keys are hidden on a replica and reclaimed on a primary. */
    StepOutcome scan(long cursor, int count) throws InterruptedException;
}
