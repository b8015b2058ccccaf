package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The most that a sweep may take of what it shares with others.
 *
 * @param rate most keys visited a second, or null for no such ceiling
 * @param share largest share of a server's time, above 0 up to 1
 * @param why what it shares, as users see it
 */
public record PaceCeiling(@Nullable Long rate, double share, Intervention why) {

    /** The lower one of a pace and this, part by part. */
    PacePolicy over(PacePolicy own) {
        OptionalLong lower = own.rateCeiling();
        if (rate != null && (lower.isEmpty() || rate < lower.getAsLong())) {
            lower = OptionalLong.of(rate);
        }
        return new PacePolicy(own.stallBudget(), Math.min(own.shareCeiling(), share), lower, own.limits());
    }
}
