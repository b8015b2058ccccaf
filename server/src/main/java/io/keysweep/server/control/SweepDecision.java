package io.keysweep.server.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a sweep continues, waits or ends.
 *
 * <p>A sweep is the part of a scan that visits one primary. The instructions of the scan decide first: they are the
 * current requests of users ({@link ScanInstructions}). If they leave the decision open, the restriction of the sweep
 * ({@link SweepRestriction}) decides, which comes from a rule of the service.
 */
public sealed interface SweepDecision {

    /** The sweep may run. */
    record GoOn() implements SweepDecision {}

    /**
     * The sweep must end its run at a checkpoint (its stored positions and counts) and wait. A waiting sweep uses no
     * thread and no connection.
     *
     * @param reason why the sweep must wait, as users see it
     * @param until when to check again, or null if no such time is known
     * @param requested whether a user has requested the wait, by a pause or a hold; false if a rule of the service
     *     requires it
     */
    record Wait(String reason, @Nullable Instant until, boolean requested) implements SweepDecision {}

    /**
     * The sweep must end, and its scan fails.
     *
     * @param failure why the sweep must end, as users see it
     */
    record End(String failure) implements SweepDecision {}
}
