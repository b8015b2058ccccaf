package io.keysweep.server.trend;

import io.keysweep.api.TrendPointView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trend point contains the measurements of an instance at one moment, or their summary for a period such as an hour.
 *
 * @param at the moment of the measurement, or the start of the period
 * @param minutes 0 for a moment, otherwise the length of the period in minutes
 * @param scans number of scans that ended
 * @param reclaimed number of expired keys that these scans have reclaimed
 * @param visited number of keys that these scans have visited
 * @param deadKeys estimated number of dead keys (expired keys that still hold memory), the highest of the period; null
 *     if no estimate was made
 * @param deadBytes estimated memory of these dead keys in bytes; null if it is not known
 * @param usedMemoryBefore used memory in bytes when the first scan began; null if it is not known
 * @param usedMemoryAfter used memory in bytes when the last scan ended; null if it is not known
 * @param inflow number of keys that other clients created during the scans, minus the keys that they deleted; null if
 *     it is not known
 */
public record TrendPoint(
        Instant at,
        int minutes,
        int scans,
        long reclaimed,
        long visited,
        @Nullable Long deadKeys,
        @Nullable Long deadBytes,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        @Nullable Long inflow) {

    /** Creates the point of an estimate, which measures only the dead keys. */
    static TrendPoint ofBacklog(Instant at, long deadKeys, @Nullable Long deadBytes) {
        return new TrendPoint(
                at,
                /* minutes= */ 0,
                /* scans= */ 0,
                /* reclaimed= */ 0,
                /* visited= */ 0,
                deadKeys,
                deadBytes,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* inflow= */ null);
    }

    /** Returns the summary of a period that contains only this point. {@link #plus} adds the later points. */
    TrendPoint asSummary(Instant periodStart, int periodMinutes) {
        return new TrendPoint(
                periodStart,
                periodMinutes,
                scans,
                reclaimed,
                visited,
                deadKeys,
                deadBytes,
                usedMemoryBefore,
                usedMemoryAfter,
                inflow);
    }

    /**
     * Returns the summary of this point and a later point of the same period. It has the sums of the counts, the higher
     * number of dead keys, the memory before the first scan, and the memory after the last scan.
     */
    TrendPoint plus(TrendPoint later) {
        boolean laterIsHigher = later.deadKeys != null && (deadKeys == null || later.deadKeys > deadKeys);
        return new TrendPoint(
                at,
                minutes,
                scans + later.scans,
                reclaimed + later.reclaimed,
                visited + later.visited,
                laterIsHigher ? later.deadKeys : deadKeys,
                laterIsHigher ? later.deadBytes : deadBytes,
                usedMemoryBefore == null ? later.usedMemoryBefore : usedMemoryBefore,
                later.usedMemoryAfter == null ? usedMemoryAfter : later.usedMemoryAfter,
                sum(inflow, later.inflow));
    }

    /** Adds two values. An unknown value is left out; the sum is null if both are unknown. */
    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        if (one == null) {
            return other;
        }
        return other == null ? one : (Long) (one + other);
    }

    /** Converts the point to the view of the native API. */
    public TrendPointView view() {
        return new TrendPointView(
                at, minutes, scans, reclaimed, visited, deadKeys, deadBytes, usedMemoryBefore, usedMemoryAfter, inflow);
    }
}
