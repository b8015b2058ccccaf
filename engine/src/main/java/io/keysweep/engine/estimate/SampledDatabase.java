package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;

/** What a sample is taken from: one database of a server, {@link EstimateSource}. */
interface SampledDatabase {

    /** Whether it hides dead keys and keeps them; else what is passed is reclaimed. */
    boolean replica();

    /** Whether the sample may meet large values that are freed on the main thread. */
    boolean freesOnMainThread();

    /** Passes some keys: dead ones are hidden on a replica and reclaimed on a primary. Then rests. */
    StepOutcome pass(long cursor, int count) throws InterruptedException;
}
