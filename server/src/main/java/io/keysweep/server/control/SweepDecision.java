package io.keysweep.server.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says whether a sweep goes on, waits or ends, after all instructions and restrictions were checked. */
public sealed interface SweepDecision {

    /** The sweep may run. */
    record GoOn() implements SweepDecision {}

    /**
     * The sweep must end its run at a checkpoint and wait. A waiting sweep uses no thread and no connection.
     *
     * @param reason why the sweep must wait, as users see it
     * @param until when to check again, or null if that is not known
     * @param requested whether a person has asked for this, by a pause or a hold; otherwise a rule of the service
     */
    record Wait(String reason, @Nullable Instant until, boolean requested) implements SweepDecision {}

    /**
     * The sweep must end, and its scan fails.
     *
     * @param failure why the sweep must end, as users see it
     */
    record End(String failure) implements SweepDecision {}
}
