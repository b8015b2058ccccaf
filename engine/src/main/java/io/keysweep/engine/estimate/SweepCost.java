package io.keysweep.engine.estimate;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import java.time.Duration;

/**
 * About what a sweep takes: the order of magnitude, from the time that servers of a kind were measured to need for a
 * key. Small values on a quiet machine; the way on the network comes on top.
 *
 * @param microsPerKey time of the server's main thread, µs a key
 * @param gentle how long the profile takes
 * @param balanced how long the profile takes
 * @param full how long the profile takes
 */
public record SweepCost(double microsPerKey, Duration gentle, Duration balanced, Duration full) {

    static final SweepCost NONE = new SweepCost(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Both one after the other; of the time a key the longer. */
    SweepCost plus(SweepCost other) {
        return new SweepCost(
                Math.max(microsPerKey, other.microsPerKey),
                gentle.plus(other.gentle),
                balanced.plus(other.balanced),
                full.plus(other.full));
    }

    /** What so many keys take on a server of this kind. */
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

    // Steps as a script of some hundreds of keys, the dead among them. Whoever is not known counts as the slowest.
    private static double microsPerKey(Flavour flavour, String version) {
        return switch (flavour) {
            case REDIS -> 1.8;
            case REDICT -> 1.2;
            case VALKEY -> ServerVersion.parse(version).isAtLeast(8, 1) ? 0.7 : 1.5;
            case UNKNOWN -> 2.1;
        };
    }
}
