package io.keysweep.benchmarks.light;

import io.keysweep.benchmarks.light.LightResult.Row;
import io.keysweep.benchmarks.light.LightResult.Start;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.testkit.TemporaryFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench light}: measures how soon the service and the command line answer, and how much memory an
 * idle service holds.
 *
 * <p>Whole processes are measured as users start them. For comparison the benchmark also starts {@code java -version}
 * and a Spring Boot service that does nothing. They show the least time and memory that such programs need. The starts
 * alternate, so that a change of the machine's speed affects all processes.
 */
public final class LightCommand implements Callable<Integer> {

    @Option(
            names = "--keysweep",
            paramLabel = "PROGRAM",
            description = "The program to start, such as that of an unpacked tarball (${DEFAULT-VALUE}).")
    private Path keysweep = Path.of("keysweep");

    @Option(names = "--rounds", paramLabel = "N", description = "Starts of each process (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--idle-seconds",
            paramLabel = "N",
            description = "Time from the first answer to the reading of the memory (${DEFAULT-VALUE}).")
    private int idleSeconds = 20;

    @Option(names = "--output", paramLabel = "FOLDER", description = "Folder of the JSON file (${DEFAULT-VALUE}).")
    private Path output = Path.of("benchmarks", "results");

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public LightCommand() {}

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || idleSeconds < 0 || !Files.isExecutable(keysweep)) {
            throw new IllegalArgumentException(
                    "--rounds must be 1 or more, --idle-seconds 0 or more, --keysweep an executable file");
        }
        LightResult result = new LightResult(
                GivenCommandLine.of("dev/bench", spec, "light"), ResultFile.now(), Machine.here(), rounds, measure());
        ResultFile.publish(output, "light", "processes", result, table(result));
        return 0;
    }

    /** Measures the starts of all processes, and the memory of the processes that keep running. */
    private List<Row> measure() throws IOException, InterruptedException {
        String program = keysweep.toAbsolutePath().toString();
        Duration idle = Duration.ofSeconds(idleSeconds);
        try (TemporaryFolder folder = TemporaryFolder.create("keysweep-light")) {
            int port = freePort();
            int barePort = freePort();

            // These are the four processes to measure.
            Map<String, String> home =
                    Map.of("KEYSWEEP_HOME", folder.resolve("home").toString());
            Path log = folder.resolve("output");
            WholeProcess java = new WholeProcess(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-version"),
                    Map.of(),
                    log);
            WholeProcess version = new WholeProcess(List.of(program, "--version"), home, log);
            WholeProcess service =
                    new WholeProcess(List.of(program, "server", "--port", Integer.toString(port)), home, log);
            WholeProcess bare = new WholeProcess(
                    BareService.compile(libraries(), Files.createDirectory(folder.resolve("bare")), barePort),
                    Map.of(),
                    log);

            // The first start is not measured, because it creates the database.
            service.measureService(port, "/livez", Duration.ZERO);

            Map<String, List<Start>> starts = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                System.err.println("bench: round " + round + " of " + rounds);
                add(starts, "java -version", java.measureRun());
                add(starts, "keysweep --version", version.measureRun());
                add(starts, "bare Spring Boot", bare.measureService(barePort, "/", idle));
                add(starts, "keysweep server", service.measureService(port, "/livez", idle));
            }
            return starts.entrySet().stream()
                    .map(entry -> Row.of(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    /**
     * Returns the folder with the jars of the service: the folder of the package that contains the program, or of the
     * sources.
     */
    private Path libraries() throws IOException {
        Path inPackage = keysweep.toRealPath().resolve("../../lib/lib").normalize();
        Path inSources = Path.of("server", "target", "keysweep-server", "lib");
        if (!Files.isDirectory(inPackage) && !Files.isDirectory(inSources)) {
            throw new IllegalArgumentException(
                    "--keysweep is '" + keysweep + "', which is neither in a package nor in a checkout that is built");
        }
        return Files.isDirectory(inPackage) ? inPackage : inSources;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void add(Map<String, List<Start>> starts, String name, Start start) {
        starts.computeIfAbsent(name, ignored -> new ArrayList<>()).add(start);
    }

    private static String table(LightResult result) {
        TextTable table = new TextTable(List.of("process", "seconds", "fastest", "slowest", "idle MiB"));
        for (Row row : result.processes()) {
            Double resident = row.residentMb();
            table.add(List.of(
                    row.name(),
                    seconds(row.seconds()),
                    seconds(row.fastestSeconds()),
                    seconds(row.slowestSeconds()),
                    resident == null ? "" : String.format(Locale.ROOT, "%.0f", resident)));
        }
        return String.format(
                Locale.ROOT,
                "light: whole processes, until the end or the first answer, median of %d rounds%n%n%s",
                result.rounds(),
                table);
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
