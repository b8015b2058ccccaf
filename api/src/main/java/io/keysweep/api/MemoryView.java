package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports how memory and keys of the servers changed during a sweep, or during all sweeps of a scan.
 *
 * <p>"Before" is when the first run began, "after" is when the last run ended. Unknown values are null.
 *
 * @param reclaimedBytes approximate memory of the reclaimed keys in bytes
 * @param method method of that estimate, the least exact of all runs: {@code MEASURED}, {@code NET_OF_FLOW}, {@code
 *     AVERAGE_KEY} or {@code UNKNOWN}
 * @param explanation the method in words
 * @param rssBefore bytes of memory that the server processes held before (RSS)
 * @param rssAfter bytes of memory that the server processes held after (RSS)
 * @param keysBefore number of keys in all databases before, including dead keys
 * @param keysAfter number of keys in all databases after, including dead keys
 * @param expiresBefore number of keys with a TTL before
 * @param expiresAfter number of keys with a TTL after
 * @param inflow number of keys that other clients created, minus the number of keys that they deleted
 * @param expiredElsewhere number of keys that expired without the scan
 * @param evicted number of keys that the server evicted
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
