package io.keysweep.benchmarks.distance;

import io.keysweep.benchmarks.distance.DistanceResult.Figures;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.Median;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.SweepBenchmarkOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.BenchmarkedProfile;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench distance}: measures how much slower a sweep is when its server is far away.
 *
 * <p>The server runs on this machine, behind a proxy that delays all bytes. A round sweeps once with each round trip,
 * and the figures are the medians of the rounds. Faster profiles sweep more keys, so that each sweep takes several
 * seconds. The command prints a table and writes a JSON file, see {@link DistanceResult}.
 */
public final class DistanceCommand implements Callable<Integer> {

    /** The times that the proxy adds to a command and its reply together, ms; the first time is 0, for comparison. */
    private static final double[] ROUND_TRIPS_MS = {0, 1, 2, 20, 50};

    @Mixin
    private SweepBenchmarkOptions options =
            new SweepBenchmarkOptions(/* keys= */ 400_000, /* expired= */ 200_000, /* rounds= */ 3);

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public DistanceCommand() {}

    @Override
    public Integer call() throws Exception {
        options.check();
        RedisVersion version = options.version();
        Map<String, List<Figures>> figures = measure(version);
        Map<String, Double> ratios = DistanceResult.ratios(figures);
        DistanceResult result = new DistanceResult(
                GivenCommandLine.of("dev/bench", spec, "distance"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                options.keys(),
                options.expired(),
                figures,
                ratios,
                DistanceResult.check(ratios));
        ResultFile.publish(options.output(), "distance", version.label(), result, table(result));
        return 0;
    }

    /** Returns the median figures by profile, in the order of the round trips. */
    private Map<String, List<Figures>> measure(RedisVersion version) throws InterruptedException {
        Map<String, List<Figures>> medians = new LinkedHashMap<>();
        for (BenchmarkedProfile profile : BenchmarkedProfile.values()) {
            medians.put(profile.label(), measure(version, profile));
        }
        return medians;
    }

    /** Returns the median figures of one profile, in the order of the round trips. */
    private List<Figures> measure(RedisVersion version, BenchmarkedProfile profile) throws InterruptedException {
        long factor = profile.keysFactor();
        List<List<Figures>> rounds = new ArrayList<>();
        try (DistanceRun run =
                DistanceRun.start(version, factor * options.keys(), factor * options.expired(), options.valueSize())) {
            for (int round = 1; round <= options.rounds(); round++) {
                List<Figures> sweeps = new ArrayList<>();
                for (double roundTripMs : ROUND_TRIPS_MS) {
                    System.err.println("bench: " + profile.label() + ", round " + round + ", " + roundTripMs + " ms");
                    sweeps.add(run.sweep(profile.pace(), roundTripMs));
                }
                rounds.add(sweeps);
            }
        }
        List<Figures> medians = new ArrayList<>();
        for (int i = 0; i < ROUND_TRIPS_MS.length; i++) {
            int distance = i;
            medians.add(
                    median(rounds.stream().map(sweeps -> sweeps.get(distance)).toList()));
        }
        return medians;
    }

    /** Returns the median of each figure of sweeps with the same profile and round trip. */
    private static Figures median(List<Figures> sweeps) {
        return new Figures(
                sweeps.getFirst().roundTripMs(),
                Median.of(sweeps, Figures::keysPerSecond),
                Median.of(sweeps, Figures::stepP99Ms),
                Median.of(sweeps, Figures::serverCpuShare),
                sweeps.getFirst().shareCeiling());
    }

    private static String table(DistanceResult result) {
        TextTable table = new TextTable(List.of("profile", "round trip", "keys/s", "rate", "step p99", "server CPU"));
        result.figures()
                .forEach((profile, sweeps) -> sweeps.forEach(sweep -> table.add(List.of(
                        profile,
                        String.format(Locale.ROOT, "%.0f ms", sweep.roundTripMs()),
                        String.format(Locale.ROOT, "%,.0f", sweep.keysPerSecond()),
                        String.format(
                                Locale.ROOT,
                                "%.2f",
                                sweep.keysPerSecond() / sweeps.getFirst().keysPerSecond()),
                        String.format(Locale.ROOT, "%.2f ms", sweep.stepP99Ms()),
                        String.format(Locale.ROOT, "%.0f %%", 100 * sweep.serverCpuShare())))));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "distance: %s, %,d keys without a TTL, %,d expired keys; twice as many with balanced, six times with full%n%n%s%n",
                result.version(),
                result.persistent(),
                result.expired(),
                table));
        result.bars()
                .forEach((name, bar) -> text.append(String.format(
                        Locale.ROOT,
                        "%-22s %6.2f  %s%n",
                        name,
                        Objects.requireNonNull(result.ratios().get(name)),
                        bar)));
        return text.toString();
    }
}
