package io.keysweep.server.autoscan;

import io.keysweep.api.text.Amounts;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.server.autoscan.EvictionStore.Evictions;
import java.util.List;
import java.util.Optional;

/**
 * Decides from the start policy of an instance whether memory runs short on one of its primaries.
 *
 * <p>The class only compares values that its caller has read.
 */
final class MemoryShortage {

    private MemoryShortage() {}

    /**
     * Returns a sentence for users that describes the shortage; empty if there is none. For example: {@code used memory
     * of 10.0.0.1:6379 is 92 % of the limit (threshold 90 %)}.
     *
     * @param primaries the primaries as they were just inspected
     * @param evictionsBefore the eviction counts of the previous check
     * @param evictionsNow the eviction counts of this check
     */
    static Optional<String> find(
            StartPolicy policy,
            List<PrimarySummary> primaries,
            List<Evictions> evictionsBefore,
            List<Evictions> evictionsNow) {
        return findHighUsage(policy, primaries).or(() -> findNewEvictions(policy, evictionsBefore, evictionsNow));
    }

    /** Describes the first primary whose used memory has reached the percentage of the policy; empty if none has. */
    private static Optional<String> findHighUsage(StartPolicy policy, List<PrimarySummary> primaries) {
        Integer threshold = policy.memoryPercent();
        if (threshold == null) {
            return Optional.empty();
        }
        for (PrimarySummary primary : primaries) {
            // A limit of 0 means no limit, so the memory of this server never runs short.
            double percent = primary.maxMemory() == 0 ? 0 : 100.0 * primary.usedMemory() / primary.maxMemory();
            if (percent >= threshold) {
                return Optional.of("used memory of " + primary.nodeId() + " is " + Math.round(percent)
                        + " % of the limit (threshold " + threshold + " %)");
            }
        }
        return Optional.empty();
    }

    /**
     * Describes the first primary that has evicted keys between two checks; empty if none has, or if the policy ignores
     * evictions.
     */
    private static Optional<String> findNewEvictions(
            StartPolicy policy, List<Evictions> evictionsBefore, List<Evictions> evictionsNow) {
        if (!policy.evictions()) {
            return Optional.empty();
        }
        for (Evictions current : evictionsNow) {
            for (Evictions previous : evictionsBefore) {
                if (previous.isOfSameProcess(current) && current.evictedKeys() > previous.evictedKeys()) {
                    long evictedKeys = current.evictedKeys() - previous.evictedKeys();
                    return Optional.of(Amounts.count(evictedKeys, "key") + (evictedKeys == 1 ? " was" : " were")
                            + " evicted by " + current.nodeId() + " since " + previous.seenAt());
                }
            }
        }
        return Optional.empty();
    }
}
