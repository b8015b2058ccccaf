package io.keysweep.benchmarks.comparison;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Implements one way to reclaim expired keys, which a comparison measures. */
interface Contender {

    /** Returns the name in tables and JSON. */
    String name();

    /** Returns a description of one line. */
    String description();

    /** Returns which part of the key space the contender covers. */
    Coverage coverage();

    /**
     * Runs once.
     *
     * @param server the server with the planted keys
     * @param round the figures that this round has measured so far
     */
    Run run(PlantedServer server, ComparisonRound round) throws IOException, InterruptedException;

    /** Names the parts of a key space that a contender can cover. */
    enum Coverage {
        /** Covers the whole key space; all planted expired keys must be reclaimed. */
        WHOLE,
        /** Covers as many keys as it can in a fixed time, because the whole key space would take too long. */
        TIME_SLICE,
        /** Does not scan; ends when no expired key is left, or after a fixed time. */
        UNTIL_CLEAN
    }

    /**
     * Reports what a contender has counted itself.
     *
     * @param visited the keys that it has visited, or null if unknown
     * @param counted the expired keys that it has reclaimed by its own count, or null if it does not count
     */
    record Run(@Nullable Long visited, @Nullable Long counted) {}
}
