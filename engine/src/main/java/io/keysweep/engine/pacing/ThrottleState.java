package io.keysweep.engine.pacing;

import org.jspecify.annotations.Nullable;

/**
 * How far a sweep gives way: the throttle's state between two control periods.
 *
 * @param factor the part of its ceilings of share and rate that the sweep may use, up to 1
 * @param criticalChecks the latest checks, one a bit; set where a critical limit was exceeded
 * @param holding the signal that the sweep holds for, or null
 * @param decision what the sweep is to do until the next check
 */
public record ThrottleState(
        double factor, int criticalChecks, @Nullable Signal holding, ThrottleDecision decision) {

    /** As if nothing had ever been wrong. */
    public static final ThrottleState NONE = new ThrottleState(1, 0, null, new ThrottleDecision.Go(null));

    /** What is to be done. */
    public sealed interface ThrottleDecision {

        /**
         * Goes on.
         *
         * @param slowedBy why it is slower than its policy allows, in words; null if it is not
         */
        record Go(@Nullable String slowedBy) implements ThrottleDecision {}

        /**
         * Does no step before a later check has found it better.
         *
         * @param reason why, in words
         */
        record Hold(String reason) implements ThrottleDecision {}

        /**
         * Ends the sweep.
         *
         * @param reason why, in words
         */
        record Stop(String reason) implements ThrottleDecision {}
    }
}
