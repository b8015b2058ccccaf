package io.keysweep.engine.estimate;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import java.time.Duration;

/**
 * Estimates what a sweep costs, as an order of magnitude. It uses the time per key that was measured for the kind of
 * server, with small values and without other load; network time is not included.
 *
 * @param microsPerKey time of the server's main thread per key, in µs
 * @param gentle duration with the gentle profile
 * @param balanced duration with the balanced profile
 * @param full duration with the full profile
 */
public record SweepCost(double microsPerKey, Duration gentle, Duration balanced, Duration full) {

    static final SweepCost NONE = new SweepCost(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Returns the cost of two sweeps one after the other; the time per key is the longer of both. */
    SweepCost plus(SweepCost other) {
        return new SweepCost(
                Math.max(microsPerKey, other.microsPerKey),
                gentle.plus(other.gentle),
                balanced.plus(other.balanced),
                full.plus(other.full));
    }

    /** Returns the cost for a number of keys on a kind of server. */
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

    // Measured with scripts of some hundreds of keys, dead keys included. Unknown servers count as the slowest kind.
    private static double microsPerKey(Flavour flavour, String version) {
        return switch (flavour) {
            case REDIS -> 1.8;
            case REDICT -> 1.2;
            case VALKEY -> ServerVersion.parse(version).isAtLeast(8, 1) ? 0.7 : 1.5;
            case UNKNOWN -> 2.1;
        };
    }
}
