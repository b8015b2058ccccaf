package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/chaos}: runs scans on several processes of the service while faults are injected, and prints
 * the failed checks.
 *
 * <p>{@link ChaosRun} does the work. Results go to a JSON file, see {@link ChaosResult}. {@link LoadCommand} is a
 * subcommand.
 */
@Command(
        name = "dev/chaos",
        mixinStandardHelpOptions = true,
        description =
                "Runs scans on several processes of the service, while processes and database are killed, frozen and"
                        + " restarted.")
public final class ChaosCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--scans", paramLabel = "N", description = "Number of scans (${DEFAULT-VALUE}).")
    private int scans = 10_000;

    @Option(names = "--instances", paramLabel = "N", description = "Number of servers (${DEFAULT-VALUE}).")
    private int instances = 40;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "Number of processes of the service (${DEFAULT-VALUE}).")
    private int processes = 3;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Time after which no more scans are created (${DEFAULT-VALUE}).")
    private int minutes = 45;

    @Option(
            names = "--gap",
            paramLabel = "SECONDS",
            description = "Average time between two faults (${DEFAULT-VALUE}).")
    private int gapSeconds = 12;

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

    /** Creates the command with the defaults of its options. */
    public ChaosCommand() {}

    @Spec
    private @Nullable CommandSpec spec;

    /**
     * Runs the command and ends the process with 0 (no check failed), 1 (a check or the run failed) or 2 (wrong usage).
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ChaosCommand())
                .addSubcommand(new LoadCommand())
                .execute(args));
    }

    /**
     * Returns the command line that repeats a run, for example {@code dev/chaos --seed 7}; the result file contains it.
     */
    static String commandLine(@Nullable CommandSpec spec) {
        return GivenCommandLine.of("dev/chaos", spec, "");
    }

    @Override
    public Integer call() throws Exception {
        ChaosSpec chaos = new ChaosSpec(
                service,
                seed,
                scans,
                instances,
                processes,
                RedisVersion.REDIS_7_0,
                Duration.ofMinutes(minutes),
                Fault.all(),
                Duration.ofSeconds(gapSeconds));
        ChaosResult result = new ChaosRun(chaos, logs).run(commandLine(spec));
        ResultFile.publish(output, "chaos", chaos.version().label(), result, ChaosTable.of(result));
        return result.findings().isEmpty() ? 0 : 1;
    }
}
