package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.reclaim.StepOutcome;
import java.time.Duration;

/**
 * A measured step holds the outcome of a step (a SCAN with its counts) and the time that the step took.
 *
 * @param outcome the counts and the next cursor
 * @param busy the time that the server was busy with the step: the server's own measurement or an estimate from the
 *     round trip, whichever is less
 * @param roundTrip the time from sending the step to its reply
 */
record MeasuredStep(StepOutcome outcome, Duration busy, Duration roundTrip) {

    /** The shortest time that a script can measure. It is used for a step that took less time. */
    private static final Duration SHORTEST_MEASURE = Duration.ofNanos(1_000);

    /**
     * Measures a step that was answered.
     *
     * @param baseline the idle round trip, which is subtracted from the round trip of the step
     * @param hadTurn whether the step had a turn, see {@link StepTurns}
     * @param isFar whether the server is far, so that its round trips differ by more than a step takes
     */
    static MeasuredStep of(
            StepOutcome outcome, Duration roundTrip, RoundTripBaseline baseline, boolean hadTurn, boolean isFar) {
        return new MeasuredStep(outcome, busyTime(outcome, roundTrip, baseline, hadTurn, isFar), roundTrip);
    }

    /**
     * Returns the shorter of two measurements of a step: the server's, if there is one, and the one from the round
     * trip. The round trip may be too long, since it includes the time that this process waited for a processor. For a
     * step with a turn, the round trip is not used, since the reply may be read later, together with others. Nor is it
     * used on a distant server that measures its steps.
     */
    private static Duration busyTime(
            StepOutcome outcome, Duration roundTrip, RoundTripBaseline baseline, boolean hadTurn, boolean isFar) {
        Duration byRoundTrip = baseline.busyTime(roundTrip);
        Duration byServer = outcome.busy();
        if (hadTurn) {
            return byServer == null ? SHORTEST_MEASURE : byServer;
        }
        if (isFar && byServer != null) {
            return byServer;
        }
        return byServer == null || byRoundTrip.compareTo(byServer) < 0 ? byRoundTrip : byServer;
    }
}
