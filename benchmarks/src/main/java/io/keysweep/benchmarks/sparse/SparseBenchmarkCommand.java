package io.keysweep.benchmarks.sparse;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.Planter;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.benchmarks.sparse.SparseBenchmark.Pass;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench sparse}: sweeps keys without a TTL, first alone and then together with a few expired
 * keys.
 *
 * <p>Active expiry is off, so only the sweep reclaims keys. The command prints a table and writes a JSON file, see
 * {@link SparseBenchmark}.
 */
public final class SparseBenchmarkCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Duration POLL_EVERY = Duration.ofMillis(5);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Keys without a TTL (${DEFAULT-VALUE}).")
    private long keys = 1_000_000;

    @Option(names = "--expired", paramLabel = "N", description = "Expired keys (${DEFAULT-VALUE}).")
    private long expired = 1_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Sweeps of each key space (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public SparseBenchmarkCommand() {}

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || expired < 1 || rounds < 1) {
            throw new IllegalArgumentException("--keys, --expired and --rounds must be 1 or more");
        }
        RedisVersion version = options.version(RedisVersion.REDIS_7_0);
        Map<String, Pass> figures = measure(version);
        Map<String, Double> ratios = SparseBenchmark.ratios(figures, keys, expired);
        SparseBenchmark result = new SparseBenchmark(
                GivenCommandLine.of("dev/bench", spec, "sparse"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Machine.here(),
                version.label(),
                keys,
                expired,
                rounds,
                figures,
                ratios,
                SparseBenchmark.check(ratios));
        Path file = ResultFile.write(options.output(), "sparse", version.label(), result);
        System.out.println(table(result));
        System.out.println("written to " + file);
        return 0;
    }

    private Map<String, Pass> measure(RedisVersion version) throws InterruptedException {
        List<Pass> none = new ArrayList<>();
        List<Pass> few = new ArrayList<>();
        try (RedisServer server = RedisServer.start(version);
                RespClient client = RespClient.connect(server.port(), TIMEOUT);
                SweepEngine engine = LettuceEngine.sweepEngine()) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            Planter planter = new Planter(client, options.valueSize());
            planter.plantPersistent("live:", keys);
            for (int round = 1; round <= rounds; round++) {
                System.err.println("bench: round " + round);
                none.add(sweep(engine, server, /* dead= */ 0));
                planter.plantExpired("dead:", expired);
                few.add(sweep(engine, server, expired));
            }
        }
        Map<String, Pass> figures = new LinkedHashMap<>();
        figures.put(SparseBenchmark.NO_TTL, SparseBenchmark.median(none));
        figures.put(SparseBenchmark.FEW_DEAD, SparseBenchmark.median(few));
        return figures;
    }

    /** Sweeps the server, and checks that the sweep has reclaimed and counted all dead keys. */
    private static Pass sweep(SweepEngine engine, RedisServer server, long dead) throws InterruptedException {
        AtomicLong lastKeyAt = new AtomicLong(-1);
        try (RespClient watcher = RespClient.connect(server.port(), TIMEOUT)) {
            Thread watch = new Thread(() -> awaitNoTtl(watcher, lastKeyAt), "ttl-watch");
            long start = System.nanoTime();
            watch.start();
            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri()), PacePolicy.GENTLE),
                    new SweepControl(),
                    event -> {});
            long end = System.nanoTime();
            watch.join();
            if (report.reclaimed() != dead || !report.exact()) {
                throw new IllegalStateException("The sweep counted " + report.reclaimed() + " keys, exact: "
                        + report.exact() + "; there were " + dead);
            }
            return new Pass(
                    report.visited(),
                    ResultFile.rounded((end - start) / 1e9),
                    ResultFile.rounded(Math.max(0, end - Math.max(start, lastKeyAt.get())) / 1e9));
        }
    }

    /**
     * Polls the server until it reports no key with a TTL, and notes the time. The sweep removes all such keys, so this
     * method returns.
     */
    private static void awaitNoTtl(RespClient client, AtomicLong noted) {
        try {
            while (noted.get() < 0) {
                String db = ServerFigures.of(client, "keyspace").fields().getOrDefault("db0", "expires=0");
                if (db.contains("expires=0")) {
                    noted.set(System.nanoTime());
                } else {
                    Thread.sleep(POLL_EVERY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String table(SparseBenchmark result) {
        TextTable table = new TextTable(List.of("key space", "visited", "seconds", "after the last key"));
        result.figures()
                .forEach((name, pass) -> table.add(List.of(
                        name,
                        String.format(Locale.ROOT, "%,.0f", pass.visited()),
                        String.format(Locale.ROOT, "%.2f s", pass.seconds()),
                        String.format(Locale.ROOT, "%.2f s", pass.secondsAfterLastKey()))));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "sparse: %s, %,d keys without a TTL, then %,d expired keys more%n%n%s%n",
                result.version(),
                result.persistent(),
                result.expired(),
                table));
        result.ratios()
                .forEach((name, ratio) -> text.append(String.format(
                        Locale.ROOT,
                        "%-28s %8.3f  %s%n",
                        name,
                        ratio,
                        result.bars().containsKey(name) ? result.bars().get(name) : "")));
        return text.toString();
    }
}
