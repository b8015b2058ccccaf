package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A pace policy sets how much of a server's time a sweep may take, and above which load it gives way.
 *
 * <p>A sweep visits all keys of a server in small steps, so that the server removes the expired ones. Redis runs the
 * commands of all clients on one main thread, so a step delays all other clients. {@link Pacer} enforces {@code
 * stallBudget}, {@code shareCeiling} and {@code rateCeiling}. {@link Throttle} enforces the limits.
 *
 * @param stallBudget the longest time that one step should keep the server's main thread busy; above 0, at most 1 s;
 *     default 0.5 ms
 * @param shareCeiling the largest share, or part, of the main thread's time that the sweep may take; above 0, at most
 *     1; default 0.25
 * @param rateCeiling the largest number of keys that the sweep may visit per second, at least 1; empty for no such
 *     ceiling
 * @param limits the load at which the sweep slows down, holds or ends; default {@link Limits#GENTLE}
 */
public record PacePolicy(Duration stallBudget, double shareCeiling, OptionalLong rateCeiling, Limits limits) {

    /** The default policy: steps of 0.5 ms, a quarter of the main thread's time. */
    public static final PacePolicy GENTLE =
            new PacePolicy(Duration.ofNanos(500_000), /* shareCeiling= */ 0.25, OptionalLong.empty(), Limits.GENTLE);

    /** A faster policy: steps of 2 ms, half of the main thread's time. */
    public static final PacePolicy BALANCED =
            new PacePolicy(Duration.ofMillis(2), /* shareCeiling= */ 0.5, OptionalLong.empty(), Limits.BALANCED);

    /** The fastest policy: four steps in flight (sent and not answered) that take 4 ms together, without delays. */
    public static final PacePolicy FULL =
            new PacePolicy(Duration.ofMillis(4), /* shareCeiling= */ 1.0, OptionalLong.empty(), Limits.FULL);

    /**
     * The number of steps in flight at full share. Four steps keep the server busy during a round trip in a local
     * network.
     */
    private static final int STEPS_IN_FLIGHT_AT_FULL_SHARE = 4;

    public PacePolicy {
        if (stallBudget.isNegative() || stallBudget.isZero() || stallBudget.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("stallBudget is " + stallBudget + ", must be above 0 and at most 1 s");
        }
        if (!(shareCeiling > 0 && shareCeiling <= 1)) {
            throw new IllegalArgumentException("shareCeiling is " + shareCeiling + ", must be above 0 and at most 1");
        }
        if (rateCeiling.isPresent() && rateCeiling.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "rateCeiling is " + rateCeiling.getAsLong() + ", must be at least 1 key a second");
        }
    }

    /** Creates a policy with the default limits. */
    public PacePolicy(Duration stallBudget, double shareCeiling, OptionalLong rateCeiling) {
        this(stallBudget, shareCeiling, rateCeiling, Limits.GENTLE);
    }

    /**
     * Returns how many steps may be in flight at a time: 4 at full share without a rate ceiling, otherwise 1.
     *
     * <p>A step is in flight until its reply arrives. At full share no delay separates the steps. Several steps in
     * flight then hide the round trip, because the next step is already waiting when the server has done one. The
     * server may do all of them before it serves another client, so they share one stall budget.
     */
    public int stepsInFlight() {
        return shareCeiling == 1 && rateCeiling.isEmpty() ? STEPS_IN_FLIGHT_AT_FULL_SHARE : 1;
    }

    /** Returns this policy with another ceiling for the keys visited per second. */
    public PacePolicy withRateCeiling(long keysPerSecond) {
        return new PacePolicy(stallBudget, shareCeiling, OptionalLong.of(keysPerSecond), limits);
    }

    /** Returns this policy with other limits. */
    public PacePolicy withLimits(Limits newLimits) {
        return new PacePolicy(stallBudget, shareCeiling, rateCeiling, newLimits);
    }
}
