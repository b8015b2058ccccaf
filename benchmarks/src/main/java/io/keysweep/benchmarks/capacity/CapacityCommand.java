package io.keysweep.benchmarks.capacity;

import io.keysweep.benchmarks.capacity.CapacityResult.LongSweeps;
import io.keysweep.benchmarks.capacity.CapacityResult.ShortScans;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench service}: measures what a scan costs the service and its database.
 *
 * <p>A scan is a task of the service that sweeps the primaries of one instance; here each instance is one small server.
 * A worker is a process of the service that runs sweeps. There are two measurements, which {@link CapacityRun} makes:
 *
 * <ul>
 *   <li>Short scans that follow each other as fast as possible show the cost of a scan.
 *   <li>Long sweeps at a low rate show the cost of a sweep per second.
 * </ul>
 *
 * <p>The command prints the figures for docs/scale.md, and writes them to a JSON file, see {@link CapacityResult}.
 */
public final class CapacityCommand implements Callable<Integer> {

    @Option(
            names = "--workers",
            split = ",",
            paramLabel = "N,N",
            description = "Numbers of workers, each measured once with short scans (${DEFAULT-VALUE}).")
    private List<Integer> workers = List.of(1, 2, 4);

    @Option(
            names = "--sweeps",
            split = ",",
            paramLabel = "N,N",
            description = "Numbers of sweeps that one worker runs at once, ascending (${DEFAULT-VALUE}).")
    private List<Integer> sweeps = List.of(0, 10, 40);

    @Option(names = "--instances", paramLabel = "N", description = "Number of servers (${DEFAULT-VALUE}).")
    private int instances = 40;

    @Option(names = "--seconds", paramLabel = "N", description = "Duration of each measurement (${DEFAULT-VALUE}).")
    private int seconds = 30;

    @Option(
            names = "--service",
            split = " ",
            paramLabel = "COMMAND",
            description = "Command that starts a process of the service (${DEFAULT-VALUE}).")
    private List<String> service = List.of("./keysweep", "server");

    @Option(names = "--output", paramLabel = "FOLDER", description = "Folder of the JSON file (${DEFAULT-VALUE}).")
    private Path output = Path.of("benchmarks", "results");

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public CapacityCommand() {}

    @Override
    public Integer call() throws Exception {
        CapacityRun run = new CapacityRun(service, instances, Duration.ofSeconds(seconds));
        List<ShortScans> shortScans = new ArrayList<>();
        for (int number : workers) {
            System.err.println("bench: running scans with " + number + " workers");
            shortScans.add(run.measureShortScans(number));
            System.err.println("bench: " + shortScans.getLast());
        }
        // Two measurements show the cost of one sweep: the difference of their figures, divided by the difference of
        // their numbers of sweeps.
        System.err.println("bench: measuring one worker with " + sweeps + " sweeps at once");
        List<LongSweeps> longSweeps = run.measureLongSweeps(sweeps);
        CapacityResult result = new CapacityResult(
                GivenCommandLine.of("dev/bench", spec, "service"),
                ResultFile.now(),
                Machine.here(),
                shortScans,
                longSweeps);
        String tables = shortScansTable(shortScans) + "\n" + longSweepsTable(longSweeps);
        ResultFile.publish(output, "service", RedisVersion.REDIS_7_0.label(), result, tables);
        return 0;
    }

    /**
     * Returns one row for each number of workers, with the cost of a short scan. "log" is what the database writes to
     * its log (WAL), and "bytes kept" is the size of its tables and indexes.
     */
    private static TextTable shortScansTable(List<ShortScans> measured) {
        TextTable table = new TextTable(List.of(
                "workers",
                "scans/s",
                "SQL/scan",
                "database ms/scan",
                "workers ms/scan",
                "API ms/scan",
                "log bytes/scan",
                "bytes kept/scan",
                "connections"));
        for (ShortScans scans : measured) {
            table.add(List.of(
                    Integer.toString(scans.workers()),
                    Double.toString(scans.scansPerSecond()),
                    Double.toString(scans.statementsPerScan()),
                    Double.toString(scans.databaseCpuMsPerScan()),
                    Double.toString(scans.workerCpuMsPerScan()),
                    Double.toString(scans.apiCpuMsPerScan()),
                    Double.toString(scans.walBytesPerScan()),
                    Double.toString(scans.bytesPerScan()),
                    Long.toString(scans.connections())));
        }
        return table;
    }

    /** Returns one row for each number of long sweeps of one worker at the same time, with their cost per second. */
    private static TextTable longSweepsTable(List<LongSweeps> measured) {
        TextTable table = new TextTable(List.of(
                "sweeps at once",
                "SQL/s",
                "database ms/s",
                "worker ms/s",
                "log bytes/s",
                "RSS MiB",
                "heap MiB",
                "Redis connections/sweep"));
        for (LongSweeps running : measured) {
            table.add(List.of(
                    Integer.toString(running.sweeps()),
                    Double.toString(running.statementsPerSecond()),
                    Double.toString(running.databaseCpuMsPerSecond()),
                    Double.toString(running.workerCpuMsPerSecond()),
                    Double.toString(running.walBytesPerSecond()),
                    Double.toString(running.residentMb()),
                    Double.toString(running.usedHeapMb()),
                    Double.toString(running.redisConnections())));
        }
        return table;
    }
}
