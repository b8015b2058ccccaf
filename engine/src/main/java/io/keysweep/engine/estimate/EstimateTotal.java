package io.keysweep.engine.estimate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the sum of the estimates of several primaries.
 *
 * @param keys number of keys that the primaries hold, dead ones included
 * @param volatileKeys how many of them have a TTL
 * @param dead dead keys, the sum of the most likely numbers
 * @param lowest lower end of the 95 % interval of {@code dead}
 * @param highest upper end of the 95 % interval of {@code dead}
 * @param exact whether all estimates are counts
 * @param deadBytes bytes that the dead keys use; null if one of the servers does not report it
 * @param cost the cost of sweeping the primaries one after the other; with n sweeps at a time, the durations are n
 *     times shorter
 */
public record EstimateTotal(
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        boolean exact,
        @Nullable Long deadBytes,
        SweepCost cost) {

    /** Sums up estimates. Samples of different primaries have independent errors, so the errors add as squares. */
    public static EstimateTotal of(List<Estimate> estimates) {
        long dead = estimates.stream().mapToLong(Estimate::dead).sum();
        double below = 0;
        double above = 0;
        for (Estimate estimate : estimates) {
            below = Math.hypot(below, (double) estimate.dead() - estimate.lowest());
            above = Math.hypot(above, (double) estimate.highest() - estimate.dead());
        }
        return new EstimateTotal(
                estimates.stream().mapToLong(Estimate::keys).sum(),
                estimates.stream().mapToLong(Estimate::volatileKeys).sum(),
                dead,
                dead - Math.round(below),
                dead + Math.round(above),
                estimates.stream().allMatch(Estimate::exact),
                Estimate.deadBytes(estimates),
                estimates.stream().map(Estimate::cost).reduce(SweepCost.NONE, SweepCost::plus));
    }

    /** Returns the share of dead keys among the keys with a TTL, 0 to 1; 0 if there are none. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }
}
