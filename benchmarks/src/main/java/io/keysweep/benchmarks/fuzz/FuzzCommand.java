package io.keysweep.benchmarks.fuzz;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Implements {@code dev/fuzz}: sends mutated HTTP requests to a service that it starts, and prints the answers that
 * break a rule.
 *
 * <p>{@link FuzzRun} does the work.
 */
@Command(
        name = "dev/fuzz",
        mixinStandardHelpOptions = true,
        description = "Starts a service, sends mutated HTTP requests to it, and checks its answers, log and heap.")
public final class FuzzCommand implements Callable<Integer> {

    /** The number of requests with {@code --short}. */
    private static final int SHORT_REQUESTS = 3_000;

    /** The number of requests after which the command reports its progress. */
    private static final int REPORT_EVERY = 10_000;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--requests", paramLabel = "N", description = "Number of requests (${DEFAULT-VALUE}).")
    private long requests = 100_000;

    @Option(names = "--short", description = "Sends 3,000 requests, as the tests do.")
    private boolean brief;

    @Option(names = "--only", paramLabel = "N", description = "Sends only the request with this number.")
    private @Nullable Long only;

    @Option(
            names = "--service",
            split = " ",
            paramLabel = "COMMAND",
            description = "Command that starts the service (${DEFAULT-VALUE}).")
    private List<String> service = List.of("./keysweep", "server");

    @Option(
            names = "--dcs-table",
            paramLabel = "FILE",
            description = "Documentation with the table of DCS operations (${DEFAULT-VALUE}).")
    private Path dcsTable = Path.of("docs", "dcs-compatibility.md");

    /** Creates the command with the defaults of its options. */
    public FuzzCommand() {}

    /** Runs the command and ends the process with 0 (no findings), 1 (findings, or a failed run) or 2 (wrong usage). */
    public static void main(String[] args) {
        System.exit(new CommandLine(new FuzzCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        FuzzSpec spec = only == null
                ? new FuzzSpec(service, dcsTable, seed, /* first= */ 0, brief ? SHORT_REQUESTS : requests)
                : new FuzzSpec(service, dcsTable, seed, only, /* requests= */ 1);
        FuzzResult result = new FuzzRun(spec, FuzzCommand::report).run();
        System.out.println(result.text());
        return result.findings().isEmpty() ? 0 : 1;
    }

    private static void report(long sent) {
        if (sent % REPORT_EVERY == 0) {
            System.err.println(String.format(Locale.ROOT, "fuzz: %,d requests", sent));
        }
    }
}
