package io.keysweep.engine.pacing;

import org.jspecify.annotations.Nullable;

/**
 * Says how much a sweep is slowed down, and whether it must hold (send no steps) or stop. {@link Throttle} replaces the
 * state every 250 ms.
 *
 * @param factor the multiplier of the sweep's ceilings (server time, keys per second), {@link Throttle#FLOOR} to 1
 * @param criticalChecks one bit for each of the last five checks, the newest in the lowest bit; a bit is set if that
 *     check found a signal above its critical limit
 * @param heldBy the signal because of which the sweep holds or stops; null while the sweep proceeds
 * @param decision what the sweep must do until the next check
 */
public record ThrottleState(
        double factor, int criticalChecks, @Nullable Signal heldBy, ThrottleDecision decision) {

    /** The state of a sweep that has not been slowed down. */
    public static final ThrottleState UNTHROTTLED = new ThrottleState(
            /* factor= */ 1,
            /* criticalChecks= */ 0,
            /* heldBy= */ null,
            new ThrottleDecision.Proceed(/* slowedBy= */ null));

    /** Says whether the sweep proceeds, holds or stops. */
    public sealed interface ThrottleDecision {

        /**
         * The sweep continues, at the factor of the state.
         *
         * @param slowedBy why the sweep is slower than its policy allows, for the user; null at full speed
         */
        record Proceed(@Nullable String slowedBy) implements ThrottleDecision {}

        /**
         * The sweep sends no step until a later check decides otherwise.
         *
         * @param reason why the sweep waits, for the user
         */
        record HoldSteps(String reason) implements ThrottleDecision {}

        /**
         * The sweep ends.
         *
         * @param reason why the sweep ends, for the user
         */
        record Stop(String reason) implements ThrottleDecision {}
    }
}
