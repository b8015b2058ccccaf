package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Reports the keys of one database during a sweep or a scan; part of {@link ScanView} and {@link SweepView}.
 *
 * <p>A sweep visits all keys of one primary, so that the server removes the expired ones. A scan consists of one sweep
 * for each primary. SWAPDB exchanges the keys of two databases. A key is counted under the database number that it had
 * at its visit.
 *
 * @param db number of the database
 * @param visited number of keys, live and expired, that were visited
 * @param reclaimed number of expired keys whose memory was freed
 * @param keysBefore number of keys before the sweep or scan, including expired keys; null if unknown
 * @param keysAfter number of keys after the sweep or scan, including expired keys; null until the end, and if unknown
 * @param expiresBefore number of keys with a time to live (TTL) before; null if unknown
 * @param expiresAfter number of keys with a time to live (TTL) after; null until the end, and if unknown
 * @param coverage why the database is treated as covered (no expired key was passed over). {@value #VISITED}: all keys
 *     were visited. {@value #NO_TTL}: the server counted no key with a TTL, so no expired key was left. Null: part of
 *     the database, on at least one primary, is not covered yet
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

    /**
     * Returns why a database is covered by two sweeps together. Returns null if either sweep does not cover the
     * database; {@value #NO_TTL} if at least one covers it because no key has a TTL; otherwise {@value #VISITED}.
     *
     * @param coverage the coverage by one sweep
     * @param otherCoverage the coverage by the other sweep
     */
    public static @Nullable String coverageOfBoth(@Nullable String coverage, @Nullable String otherCoverage) {
        if (coverage == null || otherCoverage == null) {
            return null;
        }
        return coverage.equals(NO_TTL) ? NO_TTL : otherCoverage;
    }
}
