package io.keysweep.engine.pacing;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much of a server a sweep may take, and what the server may suffer meanwhile.
 *
 * @param stallBudget longest time one step may keep the server's main thread busy; default 1 ms
 * @param shareCeiling largest share of the main thread's time, above 0 up to 1; default 0.25
 * @param rateCeiling most keys visited a second, or empty for no such ceiling
 * @param limits where the sweep slows down, holds or ends since others suffer; default {@link Limits#GENTLE}
 */
public record PacePolicy(Duration stallBudget, double shareCeiling, OptionalLong rateCeiling, Limits limits) {

    /** 1 ms a step, a quarter of the main thread: the default. */
    public static final PacePolicy GENTLE =
            new PacePolicy(Duration.ofMillis(1), 0.25, OptionalLong.empty(), Limits.GENTLE);

    /** 2 ms a step, half of the main thread. */
    public static final PacePolicy BALANCED =
            new PacePolicy(Duration.ofMillis(2), 0.5, OptionalLong.empty(), Limits.BALANCED);

    /** 4 ms a batch of steps, no rest: for servers nobody waits for. */
    public static final PacePolicy FULL = new PacePolicy(Duration.ofMillis(4), 1.0, OptionalLong.empty(), Limits.FULL);

    private static final int FULL_SHARE_STEPS = 4;

    public PacePolicy {
        if (stallBudget.isNegative() || stallBudget.isZero() || stallBudget.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException(
                    "stallBudget is " + stallBudget + ", must be above 0 and at most one second");
        }
        if (!(shareCeiling > 0 && shareCeiling <= 1)) {
            throw new IllegalArgumentException("shareCeiling is " + shareCeiling + ", must be above 0 and at most 1");
        }
        if (rateCeiling.isPresent() && rateCeiling.getAsLong() < 1) {
            throw new IllegalArgumentException(
                    "rateCeiling is " + rateCeiling.getAsLong() + ", must be at least 1 key a second");
        }
    }

    /** The same under the default limits. */
    public PacePolicy(Duration stallBudget, double shareCeiling, OptionalLong rateCeiling) {
        this(stallBudget, shareCeiling, rateCeiling, Limits.GENTLE);
    }

    /**
     * How many steps may be on their way at a time. One by one, unless there is no rest between them anyhow: then the
     * next are already there when one is done, so that the way to the server costs nothing. They share the stall
     * budget, since the server may do them without a look at anybody else.
     */
    public int stepsInFlight() {
        return shareCeiling == 1 && rateCeiling.isEmpty() ? FULL_SHARE_STEPS : 1;
    }

    /** The same policy under a ceiling of so many keys a second. */
    public PacePolicy withRateCeiling(long keysPerSecond) {
        return new PacePolicy(stallBudget, shareCeiling, OptionalLong.of(keysPerSecond), limits);
    }

    /** The same policy under other limits. */
    public PacePolicy withLimits(Limits other) {
        return new PacePolicy(stallBudget, shareCeiling, rateCeiling, other);
    }
}
