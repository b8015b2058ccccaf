package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.comparison.Contender.Coverage;
import io.keysweep.benchmarks.comparison.Contender.Run;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Measures one turn of a contender (a way to reclaim expired keys): duration, keys, CPU time, sent bytes and stalls.
 */
final class Measurement {

    private Measurement() {}

    /**
     * Plants the expired keys again, which resets the server's statistics, runs the contender, and returns its figures.
     * Keys that the contender leaves stay on the server.
     *
     * @param round the figures of the contenders that have had their turn in this round
     * @throws IllegalStateException if a contender of the whole key space leaves expired keys, or if its own count is
     *     wrong
     */
    static TurnFigures of(Contender contender, PlantedServer server, ComparisonRound round)
            throws IOException, InterruptedException {
        server.replant();

        double bytesBefore = bytesSent(server);
        double cpuBefore = ServerFigures.cpuSeconds(server.client());
        long keysBefore = server.keys();
        CoreTime coreBefore = CoreTime.of(server.client());

        long start = System.nanoTime();
        Run run = contender.run(server, round);
        double seconds = (System.nanoTime() - start) / 1e9;

        CoreTime coreTime = difference(coreBefore, CoreTime.of(server.client()));
        double cpu = ServerFigures.cpuSeconds(server.client()) - cpuBefore;
        double bytes = bytesSent(server) - bytesBefore;
        long keysAfter = server.keys();
        long reclaimedKeys = keysBefore - keysAfter;

        checkComplete(contender, server.size(), run, reclaimedKeys);
        double visitedKeys = Math.max(1, visited(contender, server.size(), run, reclaimedKeys));
        Stalls stalls = contender.coverage() == Coverage.UNTIL_CLEAN ? null : Stalls.since(server.client());

        return new TurnFigures(
                ResultFile.rounded(seconds),
                visitedKeys,
                ResultFile.rounded(visitedKeys / seconds),
                ResultFile.rounded(cpu * 1e6 / visitedKeys),
                ResultFile.rounded(bytes / visitedKeys),
                stalls == null ? null : ResultFile.rounded(stalls.p50Ms()),
                stalls == null ? null : ResultFile.rounded(stalls.p99Ms()),
                stalls == null ? null : ResultFile.rounded(stalls.p999Ms()),
                ResultFile.rounded(stalls == null ? Stalls.longestExpireCycleMs(server.client()) : stalls.longestMs()),
                coreTime == null ? null : (double) coreTime.preempted(),
                coreTime == null ? null : ResultFile.rounded(coreTime.waitedNanos() / 1e6),
                server.size().expired(),
                reclaimedKeys,
                asDouble(run.counted()),
                keysAfter - server.size().persistent());
    }

    /**
     * Checks that the contender has reclaimed all keys if it covers the whole key space, and that its own count is
     * right. Otherwise the figures of an incomplete scan would be compared with the figures of complete scans.
     */
    private static void checkComplete(Contender contender, KeySpaceSize size, Run run, long reclaimed) {
        if (contender.coverage() == Coverage.WHOLE && reclaimed != size.expired()) {
            throw new IllegalStateException(
                    contender.name() + " reclaimed " + reclaimed + " keys of " + size.expired() + " planted");
        }
        Long countedKeys = run.counted();
        if (countedKeys != null && countedKeys != reclaimed) {
            throw new IllegalStateException(contender.name() + " counts " + countedKeys
                    + " reclaimed keys, but the number of keys fell by " + reclaimed);
        }
    }

    /** Returns the number of visited keys: all, the contender's own number, or the reclaimed keys if it has none. */
    private static long visited(Contender contender, KeySpaceSize size, Run run, long reclaimed) {
        // SCAN may return a key twice; that is not treated as more work.
        if (contender.coverage() == Coverage.WHOLE) {
            return size.total();
        }
        Long visitedKeys = run.visited();
        return visitedKeys == null ? reclaimed : visitedKeys;
    }

    /** Returns the core time between two readings; null on systems that do not provide it. */
    private static @Nullable CoreTime difference(@Nullable CoreTime before, @Nullable CoreTime after) {
        return before == null || after == null
                ? null
                : new CoreTime(after.preempted() - before.preempted(), after.waitedNanos() - before.waitedNanos());
    }

    private static @Nullable Double asDouble(@Nullable Long value) {
        return value == null ? null : (double) value;
    }

    private static double bytesSent(PlantedServer server) {
        return ServerFigures.of(server.client(), "stats").number("total_net_output_bytes");
    }
}
