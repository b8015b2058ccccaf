package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports what scans and estimates of an instance have measured, at one moment or in one period; part of {@link
 * TrendView}.
 *
 * <p>A value is null if nothing has measured it. A dead key is an expired key that still holds memory.
 *
 * @param at the moment of the measurement, or the start of the period
 * @param minutes length of the period in minutes; 0 for a moment
 * @param scans number of scans that ended
 * @param reclaimed number of expired keys that these scans have reclaimed
 * @param visited number of keys that these scans have visited
 * @param deadKeys estimated number of dead keys; the highest estimate of the period
 * @param deadBytes estimated memory of these dead keys in bytes
 * @param usedMemoryBefore used memory in bytes when the first scan began
 * @param usedMemoryAfter used memory in bytes when the last scan ended
 * @param inflow number of keys that other clients created during the scans, minus the keys that they deleted
 */
public record TrendPointView(
        Instant at,
        int minutes,
        int scans,
        long reclaimed,
        long visited,
        @Nullable Long deadKeys,
        @Nullable Long deadBytes,
        @Nullable Long usedMemoryBefore,
        @Nullable Long usedMemoryAfter,
        @Nullable Long inflow) {}
