package io.keysweep.engine.sweep;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the counts of a scan whether the scan never ends, so that Keysweep must stop it.
 *
 * <p>A SCAN never ends, for example, behind a proxy that mixes up the cursors of its servers. Sweeps and estimates use
 * this class.
 *
 * @param cursorRepeated whether the scan has returned a cursor that it had returned before
 * @param sumOfCounts the sum of the COUNTs of all calls, which grows even if they return no keys
 * @param visited the number of keys visited
 * @param keys the largest number of keys that the database was seen to hold (DBSIZE)
 * @param cursorsKnown whether cursors are positions in a hash table, so that an end is likely even after many calls
 *     without keys
 */
public record EndlessScan(boolean cursorRepeated, long sumOfCounts, long visited, long keys, boolean cursorsKnown) {

    /**
     * The largest plausible number of visits per key. SCAN visits keys twice if the hash table changes its size, or if
     * a step is repeated.
     */
    private static final long MAX_VISITS_PER_KEY = 3;

    /**
     * The number of visits that is tolerated in addition, so that the scan of a small database is not treated as
     * endless too soon.
     */
    private static final long TOLERATED_VISITS = 100_000;

    /**
     * The largest plausible sum of COUNTs per key. If a table once held many more keys, many calls return no keys.
     */
    private static final long MAX_COUNTS_PER_KEY = 200;

    /** The sum of COUNTs that is tolerated in addition. */
    private static final long TOLERATED_COUNTS = 2_000_000;

    /**
     * The tolerated sum of COUNTs for known cursors. It is higher, since an end is likely even after many calls without
     * keys.
     */
    private static final long TOLERATED_COUNTS_OF_KNOWN_CURSORS = 10_000_000;

    /**
     * Returns the evidence that the scan never ends, as part of a sentence; null if there is none.
     *
     * @param visitsCounted whether {@code visited} is a count. If it is derived from the COUNTs instead, it is not
     *     compared with the number of keys.
     */
    public @Nullable String reason(boolean visitsCounted) {
        if (cursorRepeated) {
            return "a cursor has come back";
        }
        // Products of a wrong DBSIZE may not fit into a long.
        if (visitsCounted && visited > (double) MAX_VISITS_PER_KEY * keys + TOLERATED_VISITS) {
            return String.format(
                    Locale.ROOT, "%,d keys were visited, but DBSIZE has counted %,d at most", visited, keys);
        }
        long toleratedCounts = cursorsKnown ? TOLERATED_COUNTS_OF_KNOWN_CURSORS : TOLERATED_COUNTS;
        if (sumOfCounts > (double) MAX_COUNTS_PER_KEY * keys + toleratedCounts) {
            return String.format(
                    Locale.ROOT,
                    "calls for %,d keys have not reached its end, but DBSIZE has counted %,d at most",
                    sumOfCounts,
                    keys);
        }
        return null;
    }
}
