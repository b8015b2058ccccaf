package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/chaos api}: sends API calls of all kinds while processes of the service are killed, and prints
 * the failed checks.
 *
 * <p>{@link LoadRun} does the work. Results go to a JSON file, see {@link ChaosResult}.
 */
@Command(
        name = "api",
        mixinStandardHelpOptions = true,
        description = "Sends API calls of all kinds to two processes, while one of them and two workers are killed.")
final class LoadCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--seconds", paramLabel = "N", description = "Duration of the calls (${DEFAULT-VALUE}).")
    private int seconds = 600;

    @Option(
            names = "--callers",
            paramLabel = "N",
            description = "Number of callers at the same time (${DEFAULT-VALUE}).")
    private int callers = 16;

    @Option(names = "--instances", paramLabel = "N", description = "Number of servers (${DEFAULT-VALUE}).")
    private int instances = 30;

    @Option(
            names = "--gap",
            paramLabel = "SECONDS",
            description = "Average time between two faults (${DEFAULT-VALUE}).")
    private int gapSeconds = 10;

    @Option(
            names = "--service",
            split = " ",
            paramLabel = "COMMAND",
            description = "Command that starts a process of the service (${DEFAULT-VALUE}).")
    private List<String> service = List.of("./keysweep", "server");

    @Option(names = "--output", paramLabel = "FOLDER", description = "Folder of the JSON file (${DEFAULT-VALUE}).")
    private Path output = Path.of("benchmarks", "results");

    @Option(
            names = "--logs",
            paramLabel = "FOLDER",
            description = "Folder to which the logs of the processes are copied.")
    private @Nullable Path logs;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        LoadRun run = new LoadRun(
                service, seed, Duration.ofSeconds(seconds), callers, instances, Duration.ofSeconds(gapSeconds), logs);
        ChaosResult result = run.run(ChaosCommand.commandLine(spec));
        ResultFile.publish(output, "api-load", RedisVersion.REDIS_7_0.label(), result, ChaosTable.of(result));
        return result.findings().isEmpty() ? 0 : 1;
    }
}
