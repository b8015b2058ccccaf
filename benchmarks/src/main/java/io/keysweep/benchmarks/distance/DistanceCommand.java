package io.keysweep.benchmarks.distance;

import io.keysweep.benchmarks.distance.DistanceResult.Figures;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench distance}: measures each profile against a server behind a proxy that delays all bytes.
 *
 * <p>A round sweeps once with each profile and round trip. The figures are the medians of the rounds. The command
 * prints a table and writes a JSON file, see {@link DistanceResult}.
 */
public final class DistanceCommand implements Callable<Integer> {

    private static final double[] ROUND_TRIPS_MS = {0, 1, 2, 20, 50};

    private static final Map<String, PacePolicy> PROFILES = profiles();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Keys without a TTL (${DEFAULT-VALUE}).")
    private long keys = 400_000;

    @Option(names = "--expired", paramLabel = "N", description = "Expired keys (${DEFAULT-VALUE}).")
    private long expired = 200_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Sweeps for each figure (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public DistanceCommand() {}

    private static Map<String, PacePolicy> profiles() {
        Map<String, PacePolicy> profiles = new LinkedHashMap<>();
        profiles.put("gentle", PacePolicy.GENTLE);
        profiles.put("balanced", PacePolicy.BALANCED);
        profiles.put("full", PacePolicy.FULL);
        return profiles;
    }

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || expired < 1 || rounds < 1) {
            throw new IllegalArgumentException("--keys, --expired and --rounds must be 1 or more");
        }
        RedisVersion version = options.version(RedisVersion.REDIS_7_0);
        Map<String, List<Figures>> figures = measure(version);
        Map<String, Double> ratios = DistanceResult.ratios(figures);
        DistanceResult result = new DistanceResult(
                GivenCommandLine.of("dev/bench", spec, "distance"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Machine.here(),
                version.label(),
                keys,
                expired,
                figures,
                ratios,
                DistanceResult.check(ratios));
        Path file = ResultFile.write(options.output(), "distance", version.label(), result);
        System.out.println(table(result));
        System.out.println("written to " + file);
        return 0;
    }

    /** Returns the median figures by profile. */
    private Map<String, List<Figures>> measure(RedisVersion version) throws InterruptedException {
        Map<String, List<Figures>> medians = new LinkedHashMap<>();
        try (DistanceRun run = DistanceRun.start(version, keys, expired, options.valueSize())) {
            List<Map<String, List<Figures>>> all = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                Map<String, List<Figures>> one = new LinkedHashMap<>();
                for (Map.Entry<String, PacePolicy> profile : PROFILES.entrySet()) {
                    List<Figures> sweeps = new ArrayList<>();
                    for (double roundTripMs : ROUND_TRIPS_MS) {
                        System.err.println(
                                "bench: round " + round + ", " + profile.getKey() + ", " + roundTripMs + " ms");
                        sweeps.add(run.sweep(profile.getValue(), roundTripMs));
                    }
                    one.put(profile.getKey(), sweeps);
                }
                all.add(one);
            }
            for (String profile : PROFILES.keySet()) {
                List<Figures> sweeps = new ArrayList<>();
                for (int i = 0; i < ROUND_TRIPS_MS.length; i++) {
                    int distance = i;
                    sweeps.add(median(all.stream()
                            .map(round ->
                                    Objects.requireNonNull(round.get(profile)).get(distance))
                            .toList()));
                }
                medians.put(profile, sweeps);
            }
        }
        return medians;
    }

    private static Figures median(List<Figures> sweeps) {
        return new Figures(
                sweeps.getFirst().roundTripMs(),
                median(sweeps, Figures::keysPerSecond),
                median(sweeps, Figures::stepP99Ms),
                median(sweeps, Figures::serverCpuShare),
                sweeps.getFirst().shareCeiling());
    }

    private static double median(List<Figures> sweeps, ToDoubleFunction<Figures> figure) {
        double[] sorted = sweeps.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
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
                "distance: %s, %,d keys without a TTL, %,d expired keys%n%n%s%n",
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
