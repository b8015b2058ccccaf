package io.keysweep.engine.sweep;

import io.keysweep.engine.pacing.RoundTripBaseline;
import io.keysweep.engine.reclaim.StepOutcome;
import java.time.Duration;

/**
 * A measured step is the outcome of a step together with the time that the step took.
 *
 * @param outcome the counts and the next cursor
 * @param busy the time that the server was busy with the step, by its own measurement or by an estimate from the round
 *     trip; see {@link #busyTime}
 * @param roundTrip the time from sending the step to its reply
 */
record MeasuredStep(StepOutcome outcome, Duration busy, Duration roundTrip) {

    /** The shortest time that a script can report, for a step that took less time. */
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
     * Returns the time that the server was busy with a step:
     *
     * <ul>
     * <li>with a turn: the server's measurement, because the reply may be read late, together with others
     * <li>on a distant server that measures its steps: the server's measurement
     * <li>otherwise: the shorter of the server's measurement, if there is one, and the estimate from the round trip.
     * The estimate can be too long, because it includes the time that this process waited for a processor
     * </ul>
     */
    private static Duration busyTime(
            StepOutcome outcome, Duration roundTrip, RoundTripBaseline baseline, boolean hadTurn, boolean isFar) {
        Duration byRoundTrip = baseline.busyTime(roundTrip);
        Duration byServer = outcome.busy();
        if (hadTurn) {
            // A script reports no time if the step took less than 1 µs.
            return byServer == null ? SHORTEST_MEASURE : byServer;
        }
        if (isFar && byServer != null) {
            return byServer;
        }
        return byServer == null || byRoundTrip.compareTo(byServer) < 0 ? byRoundTrip : byServer;
    }
}
