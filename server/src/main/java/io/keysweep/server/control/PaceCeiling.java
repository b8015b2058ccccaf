package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits the pace of a sweep to its part of a budget that several sweeps share, for example the budget of a host.
 *
 * @param rate maximum number of keys visited per second, or null for no ceiling
 * @param share maximum share of the time of the server's main thread, above 0 up to 1; 1 for no ceiling
 * @param why the shared budget, as users see it
 */
public record PaceCeiling(@Nullable Long rate, double share, Intervention why) {

    /**
     * Returns the sweep's own pace, with the lower of the two rate ceilings and the lower of the two shares. The stall
     * budget (the longest time of one step) and the limits of the sweep are not changed.
     */
    PacePolicy over(PacePolicy own) {
        OptionalLong rateCeiling = own.rateCeiling();
        if (rate != null && (rateCeiling.isEmpty() || rate < rateCeiling.getAsLong())) {
            rateCeiling = OptionalLong.of(rate);
        }
        return new PacePolicy(own.stallBudget(), Math.min(own.shareCeiling(), share), rateCeiling, own.limits());
    }
}
