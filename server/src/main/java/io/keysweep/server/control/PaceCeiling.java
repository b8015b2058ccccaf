package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits the pace of a sweep to its part of what several sweeps share, for example a host.
 *
 * @param rate maximum number of keys visited per second, or null for no ceiling
 * @param share maximum share of the time of the server's main thread, above 0 up to 1
 * @param why what the sweeps share, as users see it
 */
public record PaceCeiling(@Nullable Long rate, double share, Intervention why) {

    /** Returns the sweep's own pace, but with the lower rate ceiling and the lower share of the two. */
    PacePolicy over(PacePolicy own) {
        OptionalLong rateCeiling = own.rateCeiling();
        if (rate != null && (rateCeiling.isEmpty() || rate < rateCeiling.getAsLong())) {
            rateCeiling = OptionalLong.of(rate);
        }
        return new PacePolicy(own.stallBudget(), Math.min(own.shareCeiling(), share), rateCeiling, own.limits());
    }
}
