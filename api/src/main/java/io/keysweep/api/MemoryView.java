package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports how the memory and the keys of the servers changed during one sweep, or during all sweeps of a scan.
 *
 * <p>A run is the work of one process on a sweep without a break. "Before" is the moment when the first run began, and
 * "after" the moment when the last run ended. For the total of a cluster, both values are sums over the nodes that are
 * primaries at that moment: "before" when the scan begins, "after" when it ends. So a key that moves to another primary
 * is counted once.
 *
 * <p>A dead key is an expired key that still holds memory. A value that is unknown, or not known yet, is null.
 *
 * @param reclaimedBytes approximate memory of the reclaimed keys in bytes
 * @param method how {@code reclaimedBytes} was found; for several runs, the least exact method. {@code MEASURED}: by
 *     how much the memory of the keys fell. {@code NET_OF_FLOW}: the same, corrected for keys that other clients
 *     created or deleted. {@code AVERAGE_KEY}: the number of reclaimed keys times the average size of a key. {@code
 *     UNKNOWN}: no estimate is possible
 * @param explanation sentence that explains the method
 * @param rssBefore bytes of memory that the server processes held before (RSS)
 * @param rssAfter bytes of memory that the server processes held after (RSS)
 * @param keysBefore number of keys in all databases before, including dead keys
 * @param keysAfter number of keys in all databases after, including dead keys
 * @param expiresBefore number of keys with a time to live (TTL) before
 * @param expiresAfter number of keys with a time to live (TTL) after
 * @param inflow number of keys that other clients created, minus the number of keys that other clients deleted; can be
 *     negative
 * @param expiredElsewhere number of expired keys that clients or the servers' own expiry removed, and not the scan
 * @param evicted number of live keys that the servers evicted for lack of memory
 * @param note sentence that explains why {@code rssAfter} is missing: another server process has the data now, for
 *     example after a failover, and its memory must not be compared with the memory before; null in all other cases
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
        @Nullable Long evicted,
        @Nullable String note) {}
