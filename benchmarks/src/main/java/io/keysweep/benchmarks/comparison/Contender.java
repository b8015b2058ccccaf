package io.keysweep.benchmarks.comparison;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One way to get rid of expired keys. */
interface Contender {

    /** Its name in tables, ratios and JSON. */
    String name();

    /** What it does, in one line. */
    String description();

    /** How much of the key space it goes through. */
    Coverage coverage();

    /**
     * Does it once.
     *
     * @param round what this round has measured so far
     */
    Run run(PlantedServer server, ComparisonRound round) throws IOException, InterruptedException;

    /** How much of a key space a contender goes through. */
    enum Coverage {
        /** All of it: whatever was planted has to be gone. */
        WHOLE,
        /** As much as it manages in a fixed time, since all of it would take too long. */
        TIME_SLICE,
        /** Not a walk: ends when nothing is left, or after a fixed time. */
        UNTIL_CLEAN
    }

    /**
     * What a contender says of itself.
     *
     * @param visited keys it has visited, or null if it cannot tell
     * @param counted expired keys it counts as reclaimed, or null if it does not count
     */
    record Run(@Nullable Long visited, @Nullable Long counted) {}
}
