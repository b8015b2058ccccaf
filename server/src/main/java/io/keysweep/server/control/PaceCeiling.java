package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds the maximum that a sweep may take of what it shares with others.
 *
 * @param rate maximum number of keys visited in a second, or null for no ceiling
 * @param share maximum share of a server's time, above 0 up to 1
 * @param why what the sweep shares, as users see it
 */
public record PaceCeiling(@Nullable Long rate, double share, Intervention why) {

    /** Returns a pace whose rate and share do not exceed this ceiling. */
    PacePolicy over(PacePolicy own) {
        OptionalLong lower = own.rateCeiling();
        if (rate != null && (lower.isEmpty() || rate < lower.getAsLong())) {
            lower = OptionalLong.of(rate);
        }
        return new PacePolicy(own.stallBudget(), Math.min(own.shareCeiling(), share), lower, own.limits());
    }
}
