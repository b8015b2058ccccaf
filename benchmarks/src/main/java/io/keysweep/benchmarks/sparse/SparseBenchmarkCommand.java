package io.keysweep.benchmarks.sparse;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.SweepBenchmarkOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.benchmarks.server.SweptServer;
import io.keysweep.benchmarks.server.SweptServer.MeasuredSweep;
import io.keysweep.benchmarks.sparse.SparseBenchmarkResult.SweepFigures;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
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
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench sparse}: sweeps keys without a TTL, first alone and then together with a few expired
 * keys.
 *
 * <p>A sweep skips a database in which no key has a TTL, and may end as soon as the last key with a TTL is removed. The
 * figures show how many visits that saves. Active expiry is off, so only the sweep reclaims keys. The command prints a
 * table and writes a JSON file, see {@link SparseBenchmarkResult}.
 */
public final class SparseBenchmarkCommand implements Callable<Integer> {

    private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

    @Mixin
    private SweepBenchmarkOptions options =
            new SweepBenchmarkOptions(/* keys= */ 1_000_000, /* expired= */ 1_000, /* rounds= */ 5);

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public SparseBenchmarkCommand() {}

    @Override
    public Integer call() throws Exception {
        options.check();
        RedisVersion version = options.version();
        Map<String, SweepFigures> figures = measure(version);
        Map<String, Double> ratios = SparseBenchmarkResult.ratios(figures, options.keys(), options.expired());
        SparseBenchmarkResult result = new SparseBenchmarkResult(
                GivenCommandLine.of("dev/bench", spec, "sparse"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                options.keys(),
                options.expired(),
                options.rounds(),
                figures,
                ratios,
                SparseBenchmarkResult.check(ratios));
        ResultFile.publish(options.output(), "sparse", version.label(), result, table(result));
        return 0;
    }

    /** Returns the median figures by key space. */
    private Map<String, SweepFigures> measure(RedisVersion version) throws InterruptedException {
        List<SweepFigures> sweepsWithoutTtl = new ArrayList<>();
        List<SweepFigures> sweepsWithFewExpired = new ArrayList<>();
        try (SweptServer server =
                SweptServer.prepare(RedisServer.start(version), options.keys(), options.valueSize())) {
            for (int round = 1; round <= options.rounds(); round++) {
                System.err.println("bench: round " + round);
                sweepsWithoutTtl.add(sweep(server));
                server.plantExpired(options.expired());
                sweepsWithFewExpired.add(sweep(server));
            }
        }
        Map<String, SweepFigures> figures = new LinkedHashMap<>();
        figures.put(SparseBenchmarkResult.NO_TTL, SparseBenchmarkResult.median(sweepsWithoutTtl));
        figures.put(SparseBenchmarkResult.FEW_DEAD, SparseBenchmarkResult.median(sweepsWithFewExpired));
        return figures;
    }

    /** Sweeps the server, and at the same time watches when its last key with a TTL is removed. */
    private static SweepFigures sweep(SweptServer server) throws InterruptedException {
        // The time by System.nanoTime at which the server first reported no key with a TTL; negative until then.
        AtomicLong lastKeyAt = new AtomicLong(-1);
        try (RespClient watcher = server.server().client()) {
            Thread watch = new Thread(() -> awaitNoTtl(watcher, lastKeyAt), "ttl-watch");
            watch.start();
            MeasuredSweep sweep =
                    server.sweep(DeploymentUri.parse(server.server().uri()), PacePolicy.GENTLE);
            watch.join();
            long start = sweep.startNanos();
            long end = sweep.endNanos();
            return new SweepFigures(
                    sweep.report().visited(),
                    ResultFile.rounded((end - start) / 1e9),
                    ResultFile.rounded(Math.max(0, end - Math.max(start, lastKeyAt.get())) / 1e9));
        }
    }

    /**
     * Polls the server until it reports no key with a TTL, and stores the time in {@code lastKeyAt}. The loop
     * ends, because the sweep removes every key with a TTL.
     */
    private static void awaitNoTtl(RespClient client, AtomicLong lastKeyAt) {
        try {
            while (lastKeyAt.get() < 0) {
                String db = ServerFigures.of(client, "keyspace").fields().getOrDefault("db0", "expires=0");
                if (db.contains("expires=0")) {
                    lastKeyAt.set(System.nanoTime());
                } else {
                    Thread.sleep(POLL_INTERVAL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String table(SparseBenchmarkResult result) {
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
