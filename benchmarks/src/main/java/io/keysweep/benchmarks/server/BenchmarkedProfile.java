package io.keysweep.benchmarks.server;

import io.keysweep.engine.pacing.PacePolicy;
import java.util.Locale;

/** Lists the profiles (named paces) of a sweep that benchmarks compare, the slowest first. */
public enum BenchmarkedProfile {
    GENTLE(PacePolicy.GENTLE),
    BALANCED(PacePolicy.BALANCED),
    FULL(PacePolicy.FULL);

    private final PacePolicy pace;

    BenchmarkedProfile(PacePolicy pace) {
        this.pace = pace;
    }

    /** Returns the name in tables and JSON, such as {@code gentle}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the pace of a sweep with this profile. */
    public PacePolicy pace() {
        return pace;
    }
}
