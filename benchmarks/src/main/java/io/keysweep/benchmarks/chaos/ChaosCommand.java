package io.keysweep.benchmarks.chaos;

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

/** {@code dev/chaos}. Filled by picocli. */
@Command(
        name = "dev/chaos",
        mixinStandardHelpOptions = true,
        description = "scans over several processes of the service, which are killed, frozen and cut off meanwhile")
public final class ChaosCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "of all choices (${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--scans", paramLabel = "N", description = "how many (${DEFAULT-VALUE})")
    private int scans = 10_000;

    @Option(names = "--instances", paramLabel = "N", description = "over how many servers (${DEFAULT-VALUE})")
    private int instances = 40;

    @Option(names = "--processes", paramLabel = "N", description = "of the service (${DEFAULT-VALUE})")
    private int processes = 3;

    @Option(names = "--minutes", paramLabel = "N", description = "stop creating after so long (${DEFAULT-VALUE})")
    private int minutes = 13;

    @Option(names = "--gap", paramLabel = "SECONDS", description = "between two faults, on average (${DEFAULT-VALUE})")
    private int gapSeconds = 12;

    @Option(
            names = "--service",
            split = " ",
            paramLabel = "COMMAND",
            description = "what starts a process of it (${DEFAULT-VALUE})")
    private List<String> service = List.of("./keysweep", "server");

    @Option(names = "--output", paramLabel = "FOLDER", description = "where the file of JSON goes (${DEFAULT-VALUE})")
    private Path output = Path.of("benchmarks", "results");

    @Option(names = "--logs", paramLabel = "FOLDER", description = "keeps the logs of the processes there")
    private @Nullable Path logs;

    /** With its defaults. */
    public ChaosCommand() {}

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs it, and exits with 0 if nothing was wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ChaosCommand())
                .addSubcommand(new LoadCommand())
                .execute(args));
    }

    static String commandLine(@Nullable CommandSpec spec) {
        return spec == null
                ? "dev/chaos"
                : ("dev/chaos "
                                + String.join(
                                        " ",
                                        spec.root()
                                                .commandLine()
                                                .getParseResult()
                                                .originalArgs()))
                        .strip();
    }

    @Override
    public Integer call() throws Exception {
        ChaosSpec how = new ChaosSpec(
                service,
                seed,
                scans,
                instances,
                processes,
                RedisVersion.REDIS_7_0,
                Duration.ofMinutes(minutes),
                Fault.all(),
                Duration.ofSeconds(gapSeconds));
        ChaosResult result = new ChaosRun(how, logs).run(commandLine(this.spec));
        Path file = ResultFile.write(output, "chaos", how.version().label(), result);
        System.out.println(ChaosTable.of(result));
        System.out.println("written to " + file);
        return result.findings().isEmpty() ? 0 : 1;
    }
}
