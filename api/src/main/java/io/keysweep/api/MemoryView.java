package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports how memory and keys of the servers changed during a sweep, or during all sweeps of a scan.
 *
 * <p>"Before" is when the first run began, "after" is when the last run ended. Unknown values are null.
 *
 * @param reclaimedBytes what the reclaimed keys held, about
 * @param method how that was estimated, the least exact method of all runs: {@code MEASURED}, {@code NET_OF_FLOW}, {@code AVERAGE_KEY} or {@code
 *     UNKNOWN}
 * @param explanation the method in words
 * @param rssBefore bytes that the servers held of their machines
 * @param rssAfter the same after
 * @param keysBefore keys in all databases, dead ones included
 * @param keysAfter the same after
 * @param expiresBefore how many of them had a TTL
 * @param expiresAfter the same after
 * @param inflow keys that others created less those that they deleted
 * @param expiredElsewhere keys that expired, but not by the scan
 * @param evicted keys evicted for memory
 */
public record MemoryView(
        @Nullable Long reclaimedBytes,
        @Nullable String method,
        @Nullable String explanation,
        @Nullable Long rssBefore,
        @Nullable Long rssAfter,
        @Nullable Long keysBefore,
        @Nullable Long keysAfter,
        @Nullable Long expiresBefore,
        @Nullable Long expiresAfter,
        @Nullable Long inflow,
        @Nullable Long expiredElsewhere,
        @Nullable Long evicted) {}
