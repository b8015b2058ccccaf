package io.keysweep.engine.estimate;

import io.keysweep.engine.reclaim.StepOutcome;
import org.jspecify.annotations.Nullable;

/** Scans keys of a server as a step does, and reads TTL, type and size of the living keys that the scan returns. */
interface KeyReader {

    /**
     * Makes one step.
     *
     * @param cursor the cursor at which to begin, unsigned
     * @param count about how many keys to visit
     * @return the outcome of the step, as of one that reads no keys
     * @throws InterruptedException if the thread is interrupted while it waits to limit the load
     */
    StepOutcome scan(long cursor, int count) throws InterruptedException;

    /** Returns what was read since the last call of this method. */
    KeyTally take();

    /** Returns the first error with which the server has refused to report a TTL; null if it has not. */
    @Nullable String refusal();

    /** Returns the first error with which the server has refused to report a type or a size; null if it has not. */
    @Nullable String measureRefusal();

    /** Returns whether names of keys leave the server. */
    boolean namesLeave();
}
