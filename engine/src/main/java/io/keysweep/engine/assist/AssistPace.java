package io.keysweep.engine.assist;

import java.time.Duration;

/**
 * Contains the times of one turn of assist: how long settings stay raised, and how long they then have their former
 * values.
 *
 * <p>Assist raises settings of the server's own expiry in turns, so that their cost stays within a share of the
 * server's time. {@link AssistPacer} chooses the pace of each turn.
 *
 * @param raiseFor the time at the raised settings; at least 50 ms and at most a control period
 * @param restFor the time at the former settings that follows; zero for none
 */
record AssistPace(Duration raiseFor, Duration restFor) {

    /** The longest time at the raised settings between two decisions. */
    static final Duration CONTROL_PERIOD = Duration.ofMillis(250);

    /**
     * The shortest time at the raised or at the former settings. Shorter times would need many CONFIG SET commands and
     * be hard to measure.
     */
    static final Duration SHORTEST_PHASE = Duration.ofMillis(50);

    /** The first pace, which is short, because the cost of the raised settings is not known yet. */
    static final AssistPace FIRST = new AssistPace(SHORTEST_PHASE, SHORTEST_PHASE);

    /**
     * Returns the pace at which the settings are raised for a part of the time.
     *
     * <p>Examples: for 0.5, raised for 125 ms and a rest of 125 ms; for 0.1, raised for 50 ms and a rest of 450 ms; for
     * 1, raised for 250 ms without a rest.
     *
     * @param duty the part, above 0 up to 1. Between 0.8 and 1 it becomes 0.8, because a rest has at least 50 ms
     */
    static AssistPace ofDuty(double duty) {
        if (duty >= 1) {
            return new AssistPace(CONTROL_PERIOD, Duration.ZERO);
        }
        double period = CONTROL_PERIOD.toNanos();
        double shortestPhase = SHORTEST_PHASE.toNanos();
        double raise = Math.clamp(duty * period, shortestPhase, period - shortestPhase);
        double rest = Math.max(shortestPhase, raise * (1 - duty) / duty);
        return new AssistPace(Duration.ofNanos((long) raise), Duration.ofNanos((long) rest));
    }

    /** Returns the part of the time at the raised settings, above 0 up to 1. */
    double duty() {
        double raise = raiseFor.toNanos();
        return raise / (raise + restFor.toNanos());
    }
}
