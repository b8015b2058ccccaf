package io.keysweep.benchmarks.assist;

import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Describes the JSON file that {@code dev/bench assist --drives} writes. Its components are the fields of the file.
 *
 * <p>The settings {@code active-expire-effort} and {@code hz} decide how much a server's own expiry removes. One
 * combination of them is called a drive here. A turn is one run of that expiry with one drive, on freshly planted
 * expired keys.
 *
 * @param commandLine the command that repeats the benchmark
 * @param at the end of the last turn, for example {@code 2026-01-31T12:00:00Z}
 * @param machine the machine on which the turns took place
 * @param version the version of the server
 * @param persistent the number of keys without a TTL
 * @param living the number of keys with a TTL that does not end during the benchmark
 * @param expired the number of expired keys that are planted for each turn
 * @param longestTurnSeconds the time after which a turn ends in any case, s
 * @param turns the turns, in their order
 */
record DrivesResult(
        String commandLine,
        String at,
        Machine machine,
        String version,
        long persistent,
        long living,
        long expired,
        long longestTurnSeconds,
        List<DriveTurn> turns) {

    private static final List<Integer> EFFORTS = List.of(4, 7, 10);
    private static final List<Integer> FREQUENCIES = List.of(10, 100, 250, 500);

    /** A cycle of the expiry with effort 1 ends when at most this part of the sampled keys is expired. */
    private static final double TOLERATED_AT_EFFORT_1 = 0.1;

    /** The part by which each further level of effort lowers that limit. */
    private static final double LESS_PER_LEVEL = 0.01;

    /**
     * Represents one combination of the settings that decide how much a server's own expiry removes.
     *
     * @param effort {@code active-expire-effort}, 1 to 10
     * @param hz how often per second the expiry runs
     */
    record Drive(int effort, int hz) {

        /**
         * Returns how many expired keys this drive leaves beside {@code living} keys with a long TTL.
         *
         * <p>A cycle of the server continues while more than 10 % of the sampled keys are expired. This limit falls by
         * one percentage point with each level of effort (see {@code expire.c} of Redis).
         */
        long tolerated(long living) {
            double part = TOLERATED_AT_EFFORT_1 - (effort - 1) * LESS_PER_LEVEL;
            return Math.round(living * part / (1 - part));
        }
    }

    /**
     * Reports one turn of a drive.
     *
     * @param effort {@code active-expire-effort}
     * @param hz how often per second the expiry runs
     * @param tolerated the number of expired keys that the drive leaves, see {@link Drive#tolerated}
     * @param secondsToTolerated the time until at most {@code tolerated} keys were left, s; null if more were left at
     *     the end of the turn
     * @param secondsToOnePercent the time until at most 1 % of the planted keys were left, s; null if more were left at
     *     the end of the turn
     * @param seconds the duration of the turn, s. A turn ends at {@code secondsToOnePercent} or when its longest time
     *     is over
     * @param serverCpuSeconds the CPU time that the server used during the turn, s
     * @param longestPauseMs the longest cycle of the server's expiry, ms. A cycle below 1 ms is treated as 1 ms.
     * @param replyP99Ms the 99th percentile of the time until the server answered DBSIZE, ms
     * @param left the number of expired keys that were left at the end of the turn
     */
    record DriveTurn(
            int effort,
            int hz,
            long tolerated,
            @Nullable Double secondsToTolerated,
            @Nullable Double secondsToOnePercent,
            double seconds,
            double serverCpuSeconds,
            double longestPauseMs,
            double replyP99Ms,
            long left) {}

    /** Returns all drives of the benchmark, in the order of their turns. */
    static List<Drive> drives() {
        List<Drive> drives = new ArrayList<>();
        for (int effort : EFFORTS) {
            for (int hz : FREQUENCIES) {
                drives.add(new Drive(effort, hz));
            }
        }
        return drives;
    }

    /** Returns the result as text for people. A dash means that the turn ended before so few keys were left. */
    String table() {
        TextTable table = new TextTable(List.of(
                "effort",
                "hz",
                "tolerated",
                "until tolerated",
                "until 1 % left",
                "turn",
                "server CPU",
                "longest pause",
                "reply p99",
                "left"));
        turns.forEach(turn -> table.add(List.of(
                Integer.toString(turn.effort()),
                Integer.toString(turn.hz()),
                String.format(Locale.ROOT, "%,d", turn.tolerated()),
                seconds(turn.secondsToTolerated()),
                seconds(turn.secondsToOnePercent()),
                seconds(turn.seconds()),
                seconds(turn.serverCpuSeconds()),
                String.format(Locale.ROOT, "%.0f ms", turn.longestPauseMs()),
                String.format(Locale.ROOT, "%.2f ms", turn.replyP99Ms()),
                String.format(Locale.ROOT, "%,d", turn.left()))));
        return String.format(
                Locale.ROOT,
                "assist --drives: %s, %,d keys without a TTL, %,d with a long one, %,d expired, up to %d s each%n%n%s",
                version,
                persistent,
                living,
                expired,
                longestTurnSeconds,
                table);
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "-" : String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
