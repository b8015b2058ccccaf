package io.keysweep.benchmarks.fleet;

import io.keysweep.benchmarks.fleet.FleetBenchmarkResult.FleetFigures;
import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench fleet}: sweeps one server, then many at the same time, from one process with the profile
 * {@code full}.
 *
 * <p>The figures show whether the servers or the sweeping process limit the rate. The command prints a table and writes
 * a JSON file, see {@link FleetBenchmarkResult}.
 */
public final class FleetCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--servers",
            paramLabel = "N",
            description = "Number of servers to sweep at once (${DEFAULT-VALUE}).")
    private int servers = 8;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Persistent keys on each server; half as many expired keys are added (${DEFAULT-VALUE}).")
    private long keys = 200_000;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public FleetCommand() {}

    @Override
    public Integer call() throws Exception {
        if (servers < 2 || keys < 1000) {
            throw new IllegalArgumentException("--servers must be 2 or more, --keys 1000 or more");
        }
        RedisVersion version = options.version(RedisVersion.REDIS_7_0);
        long expiredKeys = keys / 2;
        System.err.println("bench: planting " + keys + " keys on each of " + servers + " servers " + version.label());
        List<FleetFigures> passes = new ArrayList<>();
        try (ServerFleet fleet = ServerFleet.start(servers, version, keys, expiredKeys, options.valueSize())) {
            // These two sweeps are not measured, because the JVM compiles the engine during them.
            fleet.sweep(servers, PacePolicy.FULL);
            fleet.sweep(servers, PacePolicy.FULL);
            for (int swept : List.of(1, servers)) {
                System.err.println("bench: sweeping " + swept + " server(s) at once");
                passes.add(fleet.sweep(swept, PacePolicy.FULL));
            }
        }
        FleetBenchmarkResult result = new FleetBenchmarkResult(
                GivenCommandLine.of("dev/bench", spec, "fleet"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                keys + expiredKeys,
                Runtime.getRuntime().maxMemory() / 1_000_000,
                passes);
        ResultFile.publish(options.output(), "fleet", version.label(), result, table(result));
        return 0;
    }

    private static String table(FleetBenchmarkResult result) {
        TextTable table = new TextTable(List.of(
                "servers at once",
                "seconds",
                "keys/s",
                "server CPU us/key",
                "client CPU us/key",
                "servers a client core keeps busy",
                "heap MB"));
        for (FleetFigures pass : result.passes()) {
            table.add(List.of(
                    Integer.toString(pass.servers()),
                    Double.toString(pass.seconds()),
                    String.format(Locale.ROOT, "%,.0f", pass.keysPerSecond()),
                    Double.toString(pass.serverCpuMicrosPerKey()),
                    Double.toString(pass.clientCpuMicrosPerKey()),
                    Double.toString(pass.serversAClientCoreKeepsBusy()),
                    Double.toString(pass.usedHeapMb())));
        }
        return String.format(
                Locale.ROOT,
                "fleet: %s, %,d keys on each server, a third of them expired, at most %d MB of heap%n%n%s",
                result.version(),
                result.keysAServer(),
                result.maxHeapMb(),
                table);
    }
}
