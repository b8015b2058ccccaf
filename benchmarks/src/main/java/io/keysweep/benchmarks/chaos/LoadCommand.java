package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.result.ResultFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dev/chaos api}. Filled by picocli. */
@Command(
        name = "api",
        mixinStandardHelpOptions = true,
        description = "calls of all kinds to two processes, while one of them and two workers are killed")
final class LoadCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "N", description = "of all choices (${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--seconds", paramLabel = "N", description = "how long to call (${DEFAULT-VALUE})")
    private int seconds = 600;

    @Option(names = "--callers", paramLabel = "N", description = "at the same time (${DEFAULT-VALUE})")
    private int callers = 16;

    @Option(names = "--instances", paramLabel = "N", description = "over how many servers (${DEFAULT-VALUE})")
    private int instances = 30;

    @Option(names = "--gap", paramLabel = "SECONDS", description = "between two faults, on average (${DEFAULT-VALUE})")
    private int gapSeconds = 10;

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

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        LoadRun run = new LoadRun(
                service, seed, Duration.ofSeconds(seconds), callers, instances, Duration.ofSeconds(gapSeconds), logs);
        ChaosResult result = run.run(ChaosCommand.commandLine(spec));
        Path file = ResultFile.write(output, "api-load", "7.0", result);
        System.out.println(ChaosTable.of(result));
        System.out.println("written to " + file);
        return result.findings().isEmpty() ? 0 : 1;
    }
}
