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
 * @param coverage why the database counts as covered: {@value #VISITED} if all of it was visited, or {@value #NO_TTL} if
 *     the server counted no key with a TTL in it, so that the keys which had not been visited by then need no visit;
 *     null while the database is not covered by every sweep
 */
public record DatabaseView(
        int db,
        long visited,
        long reclaimed,
        @Nullable Long keysBefore,
        @Nullable Long keysAfter,
        @Nullable Long expiresBefore,
        @Nullable Long expiresAfter,
        @Nullable String coverage) {

    /** The {@link #coverage()} of a database that was visited completely. */
    public static final String VISITED = "VISITED";

    /** The {@link #coverage()} of a database in which no key with a TTL was left. */
    public static final String NO_TTL = "NO_TTL";

    /** Returns why a database is covered by two sweeps together; null if one of them does not cover it. */
    public static @Nullable String coverageOfBoth(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return null;
        }
        return one.equals(NO_TTL) ? NO_TTL : other;
    }
}
