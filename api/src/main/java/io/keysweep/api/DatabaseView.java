package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports the keys of one database during a sweep or a scan; part of {@link ScanView} and {@link SweepView}.
 *
 * <p>After a swap of databases (SWAPDB), a number stands for other keys than before. The counts go by the number that
 * applied at each moment.
 *
 * @param db number of the database
 * @param visited number of keys, live and expired, that were visited
 * @param reclaimed number of expired keys whose memory was freed
 * @param keysBefore number of keys before, including expired keys; null if unknown
 * @param keysAfter number of keys after, including expired keys; null until the end, and if unknown
 * @param expiresBefore number of keys with a time to live (TTL) before; null if unknown
 * @param expiresAfter number of keys with a time to live (TTL) after; null until the end, and if unknown
 */
public record DatabaseView(
        int db,
        long visited,
        long reclaimed,
        @Nullable Long keysBefore,
        @Nullable Long keysAfter,
        @Nullable Long expiresBefore,
        @Nullable Long expiresAfter) {}
