package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An allowance is the part of a host's budget that one sweep may use. All sweeps on the host share the budget.
 *
 * @param rate maximum number of keys visited per second, or null for no limit
 * @param share maximum share of the time of the server's main thread, above 0 up to 1; 1 for no limit
 * @param why the shared budget, as users see it
 */
public record HostAllowance(@Nullable Long rate, double share, SweepIntervention why) {

    /**
     * Returns the pace of the sweep with its rate and its share lowered to this allowance. The stall budget (the
     * longest time of one step) and the limits of the sweep are not changed.
     */
    PacePolicy limit(PacePolicy pace) {
        OptionalLong rateCeiling = pace.rateCeiling();
        if (rate != null && (rateCeiling.isEmpty() || rate < rateCeiling.getAsLong())) {
            rateCeiling = OptionalLong.of(rate);
        }
        return new PacePolicy(pace.stallBudget(), Math.min(pace.shareCeiling(), share), rateCeiling, pace.limits());
    }
}
