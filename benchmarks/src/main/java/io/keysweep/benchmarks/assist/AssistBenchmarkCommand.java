package io.keysweep.benchmarks.assist;

import io.keysweep.benchmarks.assist.AssistBenchmarkResult.Round;
import io.keysweep.benchmarks.assist.AssistBenchmarkResult.Turn;
import io.keysweep.benchmarks.assist.DrivesResult.Drive;
import io.keysweep.benchmarks.assist.DrivesResult.DriveTurn;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench assist}, which compares assist with three other ways to reclaim expired keys where few
 * keys have a TTL.
 *
 * <p>The four ways are called contenders. The contender {@code assist} raises settings for a while, so that the server
 * itself removes more expired keys. The server samples only keys with a TTL. The others visit all keys:
 *
 * <ul>
 *   <li>{@code gentle} is a sweep of Keysweep at this pace.
 *   <li>{@code redis-cli} is {@code redis-cli --scan}.
 *   <li>{@code limit} is one script that blocks the server until it has scanned all keys. No scan can be faster.
 * </ul>
 *
 * <p>In each round, each contender has one turn for each number of expired keys. The figures show how much time and CPU
 * time assist saves. The command prints a table and writes a JSON file, see {@link AssistBenchmarkResult}.
 *
 * <p>With {@code --drives} it does something else: it sets {@code active-expire-effort} and {@code hz} to several
 * combinations, and shows what the server's own expiry achieves with each of them, see {@link DrivesResult}.
 */
public final class AssistBenchmarkCommand implements Callable<Integer> {

    private static final List<String> CONTENDERS = List.of(
            AssistBenchmarkResult.ASSIST,
            AssistBenchmarkResult.GENTLE,
            AssistBenchmarkResult.LIMIT,
            AssistBenchmarkResult.REDIS_CLI);

    /** The longest turn of a drive; all turns together then take about three minutes. */
    private static final Duration LONGEST_DRIVE_TURN = Duration.ofSeconds(15);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Keys without a TTL (${DEFAULT-VALUE}).")
    private long keys = 2_000_000;

    @Option(names = "--living", paramLabel = "N", description = "Keys with a long TTL (${DEFAULT-VALUE}).")
    private long living = 200_000;

    @Option(
            names = "--expired",
            paramLabel = "N",
            split = ",",
            description = "Expired keys, one or several numbers (${DEFAULT-VALUE}).")
    private List<Long> expired = List.of(18_000L, 6_000L);

    @Option(
            names = "--condition",
            paramLabel = "NAME",
            description = "What else the server does: plain, aof, replica, traffic or resizing (${DEFAULT-VALUE}).")
    private String conditionName = "plain";

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of each contender (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--drives",
            description = "Compare values of active-expire-effort and hz instead of contenders, in one turn each with"
                    + " the first number of --expired. Does not use --rounds.")
    private boolean isAboutDrives;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public AssistBenchmarkCommand() {}

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || living < 1 || rounds < 1 || expired.stream().anyMatch(number -> number < 100)) {
            throw new IllegalArgumentException(
                    "--keys, --living and --rounds must be 1 or more, --expired 100 or more");
        }
        RedisVersion version = options.anyVersion(RedisVersion.REDIS_7_0);
        Condition condition = Stream.of(Condition.values())
                .filter(known -> known.label().equals(conditionName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--condition is \"" + conditionName + "\", must be plain, aof, replica, traffic or resizing"));
        if (isAboutDrives) {
            if (condition != Condition.PLAIN) {
                throw new IllegalArgumentException(
                        "--condition is \"" + conditionName + "\", must be plain with --drives");
            }
            compareDrives(version);
            return 0;
        }
        List<Round> measuredRounds = measure(version, condition);
        Map<String, Double> ratios = AssistBenchmarkResult.ratios(measuredRounds);
        AssistBenchmarkResult result = new AssistBenchmarkResult(
                GivenCommandLine.of("dev/bench", spec, "assist"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                condition.label(),
                keys,
                living,
                rounds,
                medians(measuredRounds),
                ratios,
                AssistBenchmarkResult.check(ratios));
        ResultFile.publish(options.output(), condition.benchmark(), version.label(), result, table(result));
        return 0;
    }

    /** Measures one turn of each drive on the same server, prints a table, and writes the file. */
    private void compareDrives(RedisVersion version) throws IOException, InterruptedException {
        long expiredKeys = expired.getFirst();
        List<DriveTurn> turns = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.create("keysweep-bench-assist");
                AssistBenchmarkRun run = AssistBenchmarkRun.start(
                        version, Condition.PLAIN, keys, living, options.valueSize(), folder.resolve("ledger"))) {
            for (Drive drive : DrivesResult.drives()) {
                System.err.println("bench: effort " + drive.effort() + ", hz " + drive.hz());
                turns.add(run.driveTurn(drive, living, expiredKeys, LONGEST_DRIVE_TURN));
            }
        }
        DrivesResult result = new DrivesResult(
                GivenCommandLine.of("dev/bench", spec, "assist --drives"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                keys,
                living,
                expiredKeys,
                LONGEST_DRIVE_TURN.toSeconds(),
                turns);
        ResultFile.publish(options.output(), "assist-drives", version.label(), result, result.table());
    }

    /** Runs all rounds, and returns their turns. */
    private List<Round> measure(RedisVersion version, Condition condition) throws IOException, InterruptedException {
        List<Round> measuredRounds = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.create("keysweep-bench-assist");
                Servers servers = new Servers(version, condition, folder.resolve("ledger"))) {
            for (int round = 1; round <= rounds; round++) {
                Map<Long, Map<String, Turn>> turns = new LinkedHashMap<>();
                for (long expiredKeys : expired) {
                    Map<String, Turn> byContender = new LinkedHashMap<>();
                    for (String contender : CONTENDERS) {
                        System.err.println("bench: round " + round + ", " + expiredKeys + " expired, " + contender);
                        byContender.put(contender, servers.forTurn(expiredKeys).turn(contender, expiredKeys));
                    }
                    turns.put(expiredKeys, byContender);
                }
                measuredRounds.add(new Round(turns));
            }
        }
        return measuredRounds;
    }

    /**
     * Provides the planted server of each turn. All turns use the same server, but under the condition {@code resizing}
     * each turn gets a new one, because a table becomes too small only once.
     */
    private final class Servers implements AutoCloseable {

        private final RedisVersion version;
        private final Condition condition;
        private final Path ledger;
        private @Nullable AssistBenchmarkRun run;

        private Servers(RedisVersion version, Condition condition, Path ledger) {
            this.version = version;
            this.condition = condition;
            this.ledger = ledger;
        }

        /** Returns the server of the next turn, in which {@code expiredKeys} expired keys are planted. */
        private AssistBenchmarkRun forTurn(long expiredKeys) {
            if (run == null || condition == Condition.RESIZING) {
                close();
                run = AssistBenchmarkRun.start(
                        version, condition, persistentKeys(expiredKeys), living, options.valueSize(), ledger);
            }
            return run;
        }

        /**
         * Returns the number of keys without a TTL to plant.
         *
         * <p>Under the condition {@code resizing}, this number is chosen so that the server's hash table, whose size is
         * a power of two, is full after half of the expired keys. The other half then forces a resize.
         */
        private long persistentKeys(long expiredKeys) {
            return condition == Condition.RESIZING
                    ? Long.highestOneBit(keys + living) - living - expiredKeys / 2
                    : keys;
        }

        @Override
        public void close() {
            AssistBenchmarkRun previousRun = run;
            // If the next start fails, this method is called again.
            run = null;
            if (previousRun != null) {
                previousRun.close();
            }
        }
    }

    /** Returns the medians of all rounds, by the number of expired keys and by the contender. */
    private Map<Long, Map<String, Turn>> medians(List<Round> measuredRounds) {
        Map<Long, Map<String, Turn>> medians = new LinkedHashMap<>();
        for (long expiredKeys : expired) {
            Map<String, Turn> byContender = new LinkedHashMap<>();
            for (String contender : CONTENDERS) {
                byContender.put(
                        contender,
                        AssistBenchmarkResult.median(measuredRounds.stream()
                                .map(round -> round.turn(expiredKeys, contender))
                                .toList()));
            }
            medians.put(expiredKeys, byContender);
        }
        return medians;
    }

    private static String table(AssistBenchmarkResult result) {
        TextTable table = new TextTable(List.of(
                "contender",
                "expired",
                "until 1 % left",
                "turn",
                "server CPU",
                "longest pause",
                "callers p99",
                "left"));
        result.figures()
                .forEach((expiredKeys, turns) -> turns.forEach((contender, turn) -> table.add(List.of(
                        contender,
                        String.format(Locale.ROOT, "%,d", expiredKeys),
                        String.format(Locale.ROOT, "%.2f s", turn.secondsToOnePercent()),
                        String.format(Locale.ROOT, "%.2f s", turn.seconds()),
                        String.format(Locale.ROOT, "%.2f s", turn.serverCpuSeconds()),
                        contender.equals(AssistBenchmarkResult.REDIS_CLI)
                                ? "-"
                                : String.format(Locale.ROOT, "%.2f ms", turn.longestPauseMs()),
                        turn.callersP99Ms() == 0 ? "-" : String.format(Locale.ROOT, "%.2f ms", turn.callersP99Ms()),
                        String.format(Locale.ROOT, "%,.0f", turn.left())))));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "assist: %s (%s), %,d keys without a TTL, %,d with a long one%n%n%s%n",
                result.version(),
                result.condition(),
                result.persistent(),
                result.living(),
                table));
        result.ratios()
                .forEach((name, ratio) -> text.append(String.format(
                        Locale.ROOT,
                        "%-34s %8.3f  %s%n",
                        name,
                        ratio,
                        result.bars().containsKey(name) ? result.bars().get(name) : "")));
        return text.toString();
    }
}
