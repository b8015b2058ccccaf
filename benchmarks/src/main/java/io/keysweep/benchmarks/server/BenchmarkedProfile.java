package io.keysweep.benchmarks.server;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;

/** Lists the profiles (named paces) of a sweep that benchmarks compare, the slowest first. */
public enum BenchmarkedProfile {
    GENTLE,
    BALANCED,
    FULL;

    /** Returns the name in tables and JSON, such as {@code gentle}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the pace of a sweep with this profile. */
    public PacePolicy pace() {
        return switch (this) {
            case GENTLE -> PacePolicy.GENTLE;
            case BALANCED -> PacePolicy.BALANCED;
            case FULL -> PacePolicy.FULL;
        };
    }

    /**
     * Returns the factor for the number of keys of a benchmark. Faster profiles need more keys, so that each sweep
     * takes several seconds.
     */
    public int keysFactor() {
        return switch (this) {
            case GENTLE -> 1;
            case BALANCED -> 2;
            case FULL -> 6;
        };
    }
}
