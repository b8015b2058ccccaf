package io.keysweep.benchmarks.starvation;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench starvation}: measures how the number of expired keys in memory grows while keys expire
 * all the time.
 *
 * <p>The server's own active expiry falls behind (starves) if most keys that it samples have a long TTL. The benchmark
 * shows how many expired keys the active expiry leaves in memory, and what helps.
 *
 * <p>There is one run for each {@link BackgroundActivity}:
 *
 * <ul>
 *   <li>the server's own active expiry alone;
 *   <li>active expiry and a slow SCAN;
 *   <li>active expiry and sweeps of Keysweep;
 *   <li>active expiry and the assist of Keysweep, which raises settings of the active expiry.
 * </ul>
 *
 * <p>The command prints a table and writes a JSON file, see {@link StarvationResult}.
 */
public final class StarvationCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Keys with a long TTL, which the server's active expiry also samples (${DEFAULT-VALUE}).")
    private long keys = 1_500_000;

    @Option(names = "--inflow", paramLabel = "N", description = "New keys a second (${DEFAULT-VALUE}).")
    private int inflow = 5_000;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "TTL of the new keys (${DEFAULT-VALUE}).")
    private int ttlSeconds = 20;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "Duration of each of the four runs (${DEFAULT-VALUE}).")
    private int durationSeconds = 110;

    @Option(
            names = "--pass-every",
            paramLabel = "SECONDS",
            description = "Time from the start of one Keysweep pass to the next (${DEFAULT-VALUE}).")
    private int passEverySeconds = 10;

    @Option(
            names = "--backlog-limit",
            paramLabel = "N",
            description = "Expired keys in memory with which assist continues (${DEFAULT-VALUE}).")
    private long backlogLimit = 45_000;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public StarvationCommand() {}

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || backlogLimit < 1 || inflow < 10 || ttlSeconds < 1) {
            throw new IllegalArgumentException(
                    "--keys, --ttl and --backlog-limit must be 1 or more, --inflow 10 or more");
        }
        if (durationSeconds <= ttlSeconds + StarvationResult.SETTLING_SECONDS) {
            throw new IllegalArgumentException("--duration must be longer than --ttl and "
                    + StarvationResult.SETTLING_SECONDS + " s, after which the backlog must be flat");
        }
        StarvationSpec starvation = starvationSpec();
        List<StarvationResult.Run> runs = new ArrayList<>();
        for (BackgroundActivity activity : BackgroundActivity.values()) {
            System.err.println("bench: " + activity.label() + ", " + durationSeconds + " s");
            runs.add(StarvationRun.of(activity, starvation));
        }
        String version = starvation.version().label();
        Map<String, Double> ratios = StarvationResult.ratios(runs, starvation);
        StarvationResult result = new StarvationResult(
                starvation.commandLine(),
                ResultFile.now(),
                Machine.here(),
                version,
                keys,
                inflow,
                ttlSeconds,
                passEverySeconds,
                runs,
                ratios,
                StarvationResult.check(ratios));
        ResultFile.publish(options.output(), "starvation", version, result, StarvationTable.of(result));
        return 0;
    }

    /** Returns the specification of the runs that the options describe. */
    private StarvationSpec starvationSpec() {
        return new StarvationSpec(
                commandLine(),
                options.version(RedisVersion.REDIS_8_0),
                keys,
                inflow,
                options.valueSize(),
                Duration.ofSeconds(ttlSeconds),
                Duration.ofSeconds(durationSeconds),
                Duration.ofSeconds(passEverySeconds),
                backlogLimit);
    }

    private String commandLine() {
        return GivenCommandLine.of("dev/bench", spec, "starvation");
    }
}
