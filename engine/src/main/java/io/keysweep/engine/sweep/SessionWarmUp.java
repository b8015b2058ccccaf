package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;

/**
 * Takes the first readings over a new session, before the sweep sends a step: slots, idle round trips, and load.
 *
 * <p>A session is one connection to the server, and a step is one call that visits keys. An idle round trip is the time
 * of a call that costs the server very little. Without it, the time on the network would be treated as busy time of
 * steps.
 *
 * @param limits ends the waits between samples on a cancel and at the deadline
 * @param slotWatch reads the slots that the server serves
 * @param loadWatch holds the sweep if the load is too high already
 */
record SessionWarmUp(RunLimits limits, SlotWatch slotWatch, LoadWatch loadWatch) {

    /** The number of idle round trips, enough to measure the busy time of the first steps well. */
    private static final int IDLE_SAMPLES = 8;

    private static final Duration DELAY_BETWEEN_IDLE_SAMPLES = Duration.ofMillis(2);

    /**
     * Takes the first readings, and holds (sends no steps) while the throttle demands it. No step may be in flight.
     *
     * @param policy the current pace
     * @throws NodeRefusedException if the server is overloaded
     * @throws io.keysweep.engine.link.LinkBrokenException if the connection breaks
     */
    void prepare(Session session, PacePolicy policy) throws InterruptedException {
        slotWatch.refreshIfDue(session);
        // The first samples of a distant server were taken when the session was opened, and each takes long.
        int samples = session.isFar() ? 0 : IDLE_SAMPLES;
        for (int i = 0; i < samples; i++) {
            // At full share there is no delay between steps, so there must be none between the samples either.
            if (policy.shareCeiling() < 1) {
                limits.waitFor(DELAY_BETWEEN_IDLE_SAMPLES);
            }
            session.idleRoundTrips().sample();
        }
        loadWatch.throttleIfDue(session, session.readStatus());
    }
}
