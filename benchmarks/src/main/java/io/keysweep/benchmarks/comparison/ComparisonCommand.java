package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dev/bench quick} and {@code dev/bench reference}: all contenders side by side. Filled by picocli. */
public final class ComparisonCommand implements Callable<Integer> {

    private final String name;
    private final long defaultKeys;
    private final int defaultSliceSeconds;

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "persistent keys; half as many expired ones are planted as well")
    private @Nullable Long keys;

    @Option(names = "--cluster", description = "a node of a cluster that serves all slots")
    private boolean clusterMode;

    @Option(
            names = "--own-core",
            description = "the server has the first core to itself and everything else shares the others, so that no"
                    + " client takes its core away; Linux, two cores or more")
    private boolean ownCore;

    @Option(names = "--rounds", paramLabel = "N", description = "turns of each way (${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--only",
            paramLabel = "WAY",
            split = ",",
            description = "only these ways, as the table names them; without: all. Ratios of others are left out")
    private Set<String> only = Set.of();

    @Option(
            names = "--slice",
            paramLabel = "SECONDS",
            description = "time for the ways that would not come to an end: small COUNTs with rests, native expiry")
    private @Nullable Integer sliceSeconds;

    @Option(
            names = "--foreground",
            arity = "0..1",
            fallbackValue = "1000",
            paramLabel = "RATE",
            description = "after the rounds, go through all of it once more beside an application that sends so many"
                    + " requests a second (1000)")
    private int foregroundRate;

    @Spec
    private @Nullable CommandSpec spec;

    private ComparisonCommand(String name, long defaultKeys, int defaultSliceSeconds) {
        this.name = name;
        this.defaultKeys = defaultKeys;
        this.defaultSliceSeconds = defaultSliceSeconds;
    }

    /** A key space that is walked through in minutes. */
    public static ComparisonCommand quick() {
        return new ComparisonCommand("quick", 1_000_000, 2);
    }

    /** The size that DCS states its own figures for. */
    public static ComparisonCommand reference() {
        return new ComparisonCommand("reference", 10_000_000, 20);
    }

    @Override
    public Integer call() throws Exception {
        long persistent = keys == null ? defaultKeys : keys;
        if (persistent < 1000 || rounds < 1) {
            throw new IllegalArgumentException("--keys must be 1000 or more, --rounds 1 or more");
        }
        ComparisonSpec comparison = new ComparisonSpec(
                name,
                commandLine(),
                options.version(RedisVersion.REDIS_7_0),
                clusterMode,
                ownCore,
                new KeySpaceSize(persistent, persistent / 2, options.valueSize()),
                rounds,
                only,
                Duration.ofSeconds(sliceSeconds == null ? defaultSliceSeconds : sliceSeconds),
                foregroundRate);
        ComparisonResult result = new Comparison(comparison, line -> System.err.println("bench: " + line)).run();
        Path file = ResultFile.write(
                options.output(),
                name + (clusterMode ? "-cluster" : "") + (ownCore ? "-own-core" : ""),
                comparison.version().label(),
                result);
        System.out.println(ComparisonTable.of(result));
        System.out.println("written to " + file);
        return 0;
    }

    private String commandLine() {
        if (spec == null) {
            return "dev/bench " + name;
        }
        return "dev/bench "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }
}
