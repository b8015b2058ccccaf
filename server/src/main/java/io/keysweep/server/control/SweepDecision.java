package io.keysweep.server.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a sweep is to do now. */
public sealed interface SweepDecision {

    /** It may run. */
    record GoOn() implements SweepDecision {}

    /**
     * It is to rest at a checkpoint, without a worker.
     *
     * @param reason why, as users see it
     * @param until when to look again, or null if that is not known
     */
    record Wait(String reason, @Nullable Instant until) implements SweepDecision {}

    /**
     * It is to end for good.
     *
     * @param failure why, as users see it
     */
    record End(String failure) implements SweepDecision {}
}
