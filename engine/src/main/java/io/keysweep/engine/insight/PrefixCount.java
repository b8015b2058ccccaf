package io.keysweep.engine.insight;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the numbers of live keys whose names begin with the same prefix.
 *
 * @param prefix the beginning of the names up to and including a separator, for example {@code user:}; empty for names
 *     without a separator; null for the sum of all prefixes that the report does not list. The text comes from the
 *     server's users: escape it before you show it
 * @param dyingSoon the number of keys that die within the next hour
 * @param withTtl the number of keys that have a TTL
 * @param withoutTtl the number of keys that have no TTL
 */
public record PrefixCount(@Nullable String prefix, KeyCount dyingSoon, KeyCount withTtl, KeyCount withoutTtl) {

    /** The order in a report: prefixes with the most keys that die soon come first. */
    private static final Comparator<PrefixCount> MOST_DYING_FIRST = Comparator.comparingLong(
                    (PrefixCount count) -> count.dyingSoon.keys())
            .thenComparingLong(count -> count.withTtl.keys())
            .thenComparingLong(count -> count.withoutTtl.keys())
            .reversed()
            .thenComparing(count -> count.prefix == null ? "" : count.prefix);

    private PrefixCount plus(PrefixCount other) {
        return new PrefixCount(
                prefix,
                dyingSoon.plus(other.dyingSoon),
                withTtl.plus(other.withTtl),
                withoutTtl.plus(other.withoutTtl));
    }

    /**
     * Adds up the counts of each prefix, and returns the {@code top} prefixes with the most keys that die soon. The sum
     * of all others follows under the prefix null.
     */
    public static List<PrefixCount> top(List<PrefixCount> counts, int top) {
        Map<String, PrefixCount> sums = new LinkedHashMap<>();
        // The count of all other prefixes has no prefix, so the map needs a key for it: "\0".
        counts.forEach(count -> sums.merge(count.prefix == null ? "\0" : count.prefix, count, PrefixCount::plus));
        List<PrefixCount> sortedCounts = new ArrayList<>(sums.values().stream()
                .filter(count -> count.prefix != null)
                .sorted(MOST_DYING_FIRST)
                .toList());
        List<PrefixCount> otherCounts = new ArrayList<>(
                sums.values().stream().filter(count -> count.prefix == null).toList());
        while (sortedCounts.size() > top) {
            PrefixCount lastCount = sortedCounts.removeLast();
            otherCounts.add(
                    new PrefixCount(/* prefix= */ null, lastCount.dyingSoon, lastCount.withTtl, lastCount.withoutTtl));
        }
        List<PrefixCount> result = new ArrayList<>(sortedCounts);
        otherCounts.stream().reduce(PrefixCount::plus).ifPresent(result::add);
        return List.copyOf(result);
    }
}
