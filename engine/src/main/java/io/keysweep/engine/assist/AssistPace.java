package io.keysweep.engine.assist;

import java.time.Duration;

/**
 * Says for how long the settings of a server stay raised, and for how long they then have their former values.
 *
 * @param raiseFor the time at the raised settings; at least 50 ms and at most a control period
 * @param restFor the time at the former settings that follows; zero for none
 */
record AssistPace(Duration raiseFor, Duration restFor) {

    /** The time between two decisions. */
    static final Duration CONTROL_PERIOD = Duration.ofMillis(250);

    /** A shorter time at either settings would cost many CONFIG SET and show little. */
    static final Duration SHORTEST_PHASE = Duration.ofMillis(50);

    /** The first pace: short, since nothing is known about the cost yet. */
    static final AssistPace FIRST = new AssistPace(SHORTEST_PHASE, SHORTEST_PHASE);

    /**
     * Returns the pace at which the settings are raised for a part of the time.
     *
     * @param duty the part, above 0 up to 1. Above 0.8 and below 1 it becomes 0.8, whose rest is the shortest phase
     */
    static AssistPace ofDuty(double duty) {
        if (duty >= 1) {
            return new AssistPace(CONTROL_PERIOD, Duration.ZERO);
        }
        double period = CONTROL_PERIOD.toNanos();
        double shortest = SHORTEST_PHASE.toNanos();
        double raise = Math.clamp(duty * period, shortest, period - shortest);
        double rest = Math.max(shortest, raise * (1 - duty) / duty);
        return new AssistPace(Duration.ofNanos((long) raise), Duration.ofNanos((long) rest));
    }

    /** Returns the part of the time at the raised settings, above 0 up to 1. */
    double duty() {
        double raise = raiseFor.toNanos();
        return raise / (raise + restFor.toNanos());
    }
}
