package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench quick} and {@code dev/bench reference}: compares Keysweep with other ways to reclaim
 * expired keys.
 *
 * <p>The figures are speed, cost for the server, and stalls: how long one command keeps the server from others.
 * {@link Comparison} does the work. The command prints a table and writes a JSON file, see {@link ComparisonResult}.
 */
public final class ComparisonCommand implements Callable<Integer> {

    private final String name;
    private final long defaultKeys;
    private final int defaultSliceSeconds;

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Persistent keys; half as many expired keys are added.")
    private @Nullable Long keys;

    @Option(names = "--cluster", description = "Uses a server in cluster mode that serves all slots.")
    private boolean clusterMode;

    @Option(
            names = "--own-core",
            description =
                    "Reserves the first core for the server, so that no client competes for it; needs Linux and two"
                            + " cores or more.")
    private boolean ownCore;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds; each contender has one turn a round (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(
            names = "--only",
            paramLabel = "CONTENDER",
            split = ",",
            description =
                    "Runs only these contenders, by their names in the table (all). Ratios of others are left out.")
    private Set<String> only = Set.of();

    @Option(
            names = "--slice",
            paramLabel = "SECONDS",
            description =
                    "Time limit of contenders that would take too long: scans with a small COUNT and pauses, native expiry.")
    private @Nullable Integer sliceSeconds;

    @Option(
            names = "--foreground",
            arity = "0..1",
            fallbackValue = "1000",
            paramLabel = "RATE",
            description =
                    "After the rounds, runs each contender once more while an application sends so many requests a"
                            + " second (1000).")
    private int foregroundRate;

    @Spec
    private @Nullable CommandSpec spec;

    private ComparisonCommand(String name, long defaultKeys, int defaultSliceSeconds) {
        this.name = name;
        this.defaultKeys = defaultKeys;
        this.defaultSliceSeconds = defaultSliceSeconds;
    }

    /** Creates the command for a key space of 1 million persistent and 500,000 expired keys, which takes minutes. */
    public static ComparisonCommand quick() {
        return new ComparisonCommand("quick", /* defaultKeys= */ 1_000_000, /* defaultSliceSeconds= */ 2);
    }

    /**
     * Creates the command for the key space for which Huawei Cloud DCS publishes figures: 10 million persistent and 5
     * million expired keys.
     */
    public static ComparisonCommand reference() {
        return new ComparisonCommand("reference", /* defaultKeys= */ 10_000_000, /* defaultSliceSeconds= */ 20);
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
        ResultFile.publish(
                options.output(),
                name + (clusterMode ? "-cluster" : "") + (ownCore ? "-own-core" : ""),
                comparison.version().label(),
                result,
                ComparisonTable.of(result));
        return 0;
    }

    private String commandLine() {
        return GivenCommandLine.of("dev/bench", spec, name);
    }
}
