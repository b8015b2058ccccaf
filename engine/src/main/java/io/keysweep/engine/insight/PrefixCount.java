package io.keysweep.engine.insight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the numbers of keys whose names begin with the same prefix.
 *
 * @param prefix the beginning of the names up to and including a separator, for example {@code user:}; empty for names
 *     without a separator; null for the sum of all prefixes that the report does not list. The text comes from the
 *     server's users: escape it before you show it
 * @param dead the number of dead keys; null if the names of dead keys are not known, see {@link Insight#deadMissing}
 * @param dyingSoon the number of live keys that die within the next hour
 * @param withTtl the number of live keys that have a TTL
 * @param withoutTtl the number of live keys that have no TTL
 */
public record PrefixCount(
        @Nullable String prefix, @Nullable KeyCount dead, KeyCount dyingSoon, KeyCount withTtl, KeyCount withoutTtl) {

    /**
     * The order in a report: prefixes with the most dead keys come first, then those with the most keys that die soon.
     */
    private static final Comparator<PrefixCount> MOST_DEAD_FIRST = Comparator.comparingLong(
                    (PrefixCount count) -> count.dead == null ? 0 : count.dead.keys())
            .thenComparingLong(count -> count.dyingSoon.keys())
            .thenComparingLong(count -> count.withTtl.keys())
            .thenComparingLong(count -> count.withoutTtl.keys())
            .reversed()
            .thenComparing(count -> count.prefix == null ? "" : count.prefix);

    private PrefixCount plus(PrefixCount other) {
        return new PrefixCount(
                prefix,
                dead == null || other.dead == null ? null : dead.plus(other.dead),
                dyingSoon.plus(other.dyingSoon),
                withTtl.plus(other.withTtl),
                withoutTtl.plus(other.withoutTtl));
    }

    /** Returns the same counts without the number of dead keys. */
    PrefixCount withoutDead() {
        return new PrefixCount(prefix, /* dead= */ null, dyingSoon, withTtl, withoutTtl);
    }

    /**
     * Adds up the counts of each prefix, and returns the {@code top} prefixes with the most dead keys, or, if the
     * numbers of dead keys are not known, with the most keys that die soon. The sum of all others follows under the
     * prefix null.
     */
    public static List<PrefixCount> top(List<PrefixCount> counts, int top) {
        Map<String, PrefixCount> sums = new LinkedHashMap<>();
        // The count of all other prefixes has no prefix, so the map needs a key for it: "\0".
        counts.forEach(count -> sums.merge(count.prefix == null ? "\0" : count.prefix, count, PrefixCount::plus));
        List<PrefixCount> sortedCounts = new ArrayList<>(sums.values().stream()
                .filter(count -> count.prefix != null)
                .sorted(MOST_DEAD_FIRST)
                .toList());
        List<PrefixCount> otherCounts = new ArrayList<>(
                sums.values().stream().filter(count -> count.prefix == null).toList());
        while (sortedCounts.size() > top) {
            PrefixCount lastCount = sortedCounts.removeLast();
            otherCounts.add(new PrefixCount(
                    /* prefix= */ null, lastCount.dead, lastCount.dyingSoon, lastCount.withTtl, lastCount.withoutTtl));
        }
        List<PrefixCount> result = new ArrayList<>(sortedCounts);
        otherCounts.stream().reduce(PrefixCount::plus).ifPresent(result::add);
        return List.copyOf(result);
    }
}
