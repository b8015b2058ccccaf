package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An allowance limits the pace of a sweep to its part of the budget of a host, which the sweeps of the host share.
 *
 * @param rate maximum number of keys visited per second, or null for no limit
 * @param share maximum share of the time of the server's main thread, above 0 up to 1; 1 for no limit
 * @param why the shared budget, as users see it
 */
public record HostAllowance(@Nullable Long rate, double share, Intervention why) {

    /**
     * Returns the sweep's own pace, with the lower of the two rates and the lower of the two shares. The stall budget
     * (the longest time of one step) and the limits of the sweep are not changed.
     */
    PacePolicy limit(PacePolicy pace) {
        OptionalLong rateCeiling = pace.rateCeiling();
        if (rate != null && (rateCeiling.isEmpty() || rate < rateCeiling.getAsLong())) {
            rateCeiling = OptionalLong.of(rate);
        }
        return new PacePolicy(pace.stallBudget(), Math.min(pace.shareCeiling(), share), rateCeiling, pace.limits());
    }
}
