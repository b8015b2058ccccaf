package io.keysweep.engine.estimate;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sums up the estimates of a deployment's primaries, to show one number for the deployment.
 *
 * <p>Dead keys are expired keys that still use memory. An estimate of their number comes from a sample, with a 95 %
 * interval, or is a count.
 *
 * @param keys the number of keys that the primaries hold, including dead keys
 * @param volatileKeys the number of these keys that have a TTL
 * @param dead the sum of the most likely numbers of dead keys
 * @param lowest the lower end of the 95 % interval of {@code dead}
 * @param highest the upper end of the 95 % interval of {@code dead}
 * @param exact whether all estimates are counts; true if there are no estimates
 * @param expirableHashes the number of hashes with fields that have a TTL
 * @param deadBytes the bytes that the dead keys use; null if this is unknown for one of the primaries
 * @param cost the cost of sweeping the primaries one after the other; with n sweeps at a time, the durations are about
 *     n times shorter
 */
public record EstimateTotal(
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        boolean exact,
        long expirableHashes,
        @Nullable Long deadBytes,
        SweepCost cost) {

    /**
     * Sums up estimates. Samples of different primaries have independent errors, so the squares of the errors add up.
     */
    public static EstimateTotal of(List<Estimate> estimates) {
        long dead = estimates.stream().mapToLong(Estimate::dead).sum();
        double below = 0;
        double above = 0;
        // There are two sums, because an interval may reach further to one side.
        for (Estimate estimate : estimates) {
            KeyCount count = new KeyCount(estimate.dead(), estimate.lowest(), estimate.highest());
            below = Math.hypot(below, count.errorBelow());
            above = Math.hypot(above, (double) estimate.highest() - estimate.dead());
        }
        return new EstimateTotal(
                estimates.stream().mapToLong(Estimate::keys).sum(),
                estimates.stream().mapToLong(Estimate::volatileKeys).sum(),
                dead,
                Math.max(0, dead - Math.round(below)),
                dead + Math.round(above),
                estimates.stream().allMatch(Estimate::exact),
                estimates.stream().mapToLong(Estimate::expirableHashes).sum(),
                Estimate.deadBytes(estimates),
                SweepCost.sum(estimates.stream().map(Estimate::cost).toList()));
    }

    /**
     * Adds up the insights of the estimates.
     *
     * @param top the number of prefixes to report, if they were requested
     * @return the insight into all primaries together; null if no insight was requested, or if there are no estimates
     */
    public static @Nullable Insight insight(List<Estimate> estimates, int top) {
        List<Insight> parts = estimates.stream()
                .map(Estimate::insight)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty() ? null : Insight.sum(parts, top);
    }

    /** Returns the advice for all primaries together; null if it was not requested, or if there are no estimates. */
    public static @Nullable Advice advice(List<Estimate> estimates) {
        List<Advice> parts = estimates.stream()
                .map(Estimate::advice)
                .filter(Objects::nonNull)
                .toList();
        return parts.isEmpty() ? null : Advice.ofAll(parts);
    }

    /** Returns the part of the keys with a TTL that is dead, from 0 to 1; 0 if no key has a TTL. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }
}
