package io.keysweep.server.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says what a sweep must do now. */
public sealed interface SweepDecision {

    /** The sweep may run. */
    record GoOn() implements SweepDecision {}

    /**
     * The sweep must wait at a checkpoint, without a worker.
     *
     * @param reason why, as users see it
     * @param until when to check again, or null if that is not known
     */
    record Wait(String reason, @Nullable Instant until) implements SweepDecision {}

    /**
     * The sweep must end for good.
     *
     * @param failure why, as users see it
     */
    record End(String failure) implements SweepDecision {}
}
