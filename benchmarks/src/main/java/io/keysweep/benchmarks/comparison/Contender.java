package io.keysweep.benchmarks.comparison;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Implements one way to reclaim expired keys, for example {@code redis-cli --scan} or Keysweep, which a comparison
 * measures.
 */
interface Contender {

    /** Returns the name in tables and JSON, for example {@code redis-cli 1000}. */
    String name();

    /** Returns a description of one line. */
    String description();

    /** Returns which part of the key space the contender covers. */
    Coverage coverage();

    /**
     * Reclaims expired keys on the server once, on the calling thread; the caller measures this call. Must leave the
     * server's settings as they were.
     *
     * @param server the server with the planted keys
     * @param round the figures of the contenders that have had their turn in this round
     */
    Run run(PlantedServer server, ComparisonRound round) throws IOException, InterruptedException;

    /** Names the parts of a key space that a contender can cover. */
    enum Coverage {
        /** Covers the whole key space; all planted expired keys must be reclaimed, or the benchmark fails. */
        WHOLE,
        /** Covers as many keys as it can in a fixed time, because the whole key space would take too long. */
        TIME_SLICE,
        /** Does not scan; ends when no expired key is left, or after a fixed time. */
        UNTIL_CLEAN
    }

    /**
     * Reports the counts of the contender itself, which the caller compares with the server's figures.
     *
     * @param visited the keys that the contender has visited, or null if unknown
     * @param counted the expired keys that the contender says it has reclaimed, or null if it does not count them
     */
    record Run(@Nullable Long visited, @Nullable Long counted) {}
}
