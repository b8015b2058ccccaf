package io.keysweep.engine.estimate;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import java.time.Duration;
import java.util.List;

/**
 * Estimates how long a sweep of one server takes with each pace profile, as an order of magnitude.
 *
 * <p>A profile limits the part of the main thread's time that a sweep may take: gentle to a quarter, balanced to half,
 * full to all of it. The time per key was measured for each kind of server, with small values and no other load.
 * Network time is not included.
 *
 * @param microsPerKey the time of the server's main thread per key, in µs
 * @param gentle the duration of a sweep with the gentle profile
 * @param balanced the duration of a sweep with the balanced profile
 * @param full the duration of a sweep with the full profile
 */
public record SweepCost(double microsPerKey, Duration gentle, Duration balanced, Duration full) {

    private static final SweepCost NONE =
            new SweepCost(/* microsPerKey= */ 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Returns the cost of several sweeps one after the other. */
    public static SweepCost sum(List<SweepCost> costs) {
        return costs.stream().reduce(NONE, SweepCost::plus);
    }

    /** Returns the cost of two sweeps one after the other: the sum of the durations, and the longer time per key. */
    private SweepCost plus(SweepCost other) {
        return new SweepCost(
                Math.max(microsPerKey, other.microsPerKey),
                gentle.plus(other.gentle),
                balanced.plus(other.balanced),
                full.plus(other.full));
    }

    /**
     * Returns the cost of a sweep.
     *
     * @param keys the number of keys, live and dead
     * @param flavour the product family of the server
     * @param version the product's version, for example {@code 8.1.0}
     */
    public static SweepCost of(long keys, Flavour flavour, String version) {
        double micros = microsPerKey(flavour, version);
        return new SweepCost(
                micros,
                duration(keys, micros, PacePolicy.GENTLE),
                duration(keys, micros, PacePolicy.BALANCED),
                duration(keys, micros, PacePolicy.FULL));
    }

    private static Duration duration(long keys, double micros, PacePolicy policy) {
        return Duration.ofNanos(Math.round(keys * micros * 1_000 / policy.shareCeiling()));
    }

    /**
     * Returns the time of the main thread per key in µs. It was measured with scripts that visit some hundreds of keys,
     * some of them dead. Unknown products are assumed to be slower than all known ones.
     */
    private static double microsPerKey(Flavour flavour, String version) {
        return switch (flavour) {
            case REDIS -> 1.8;
            case REDICT -> 1.2;
            case VALKEY -> ServerVersion.parse(version).isAtLeast(8, 1) ? 0.7 : 1.5;
            case UNKNOWN -> 2.1;
        };
    }
}
