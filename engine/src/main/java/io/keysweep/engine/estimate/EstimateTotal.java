package io.keysweep.engine.estimate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the backlog of several primaries together.
 *
 * @param keys keys that they hold, dead ones included
 * @param volatileKeys how many of them have a TTL
 * @param dead dead keys, the sum of the likeliest numbers
 * @param lowest lower end of the 95 % interval of {@code dead}
 * @param highest upper end of it
 * @param exact whether all are counts
 * @param deadBytes bytes that the dead keys hold; null where one of the servers does not tell
 * @param cost what sweeps take, one after the other; as many times less as there are at once
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

    /** Of these. Samples of different primaries err independently of each other, so errors add as squares. */
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

    /** The dead keys' share of the keys with a TTL, 0 to 1; 0 where there are none. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }
}
