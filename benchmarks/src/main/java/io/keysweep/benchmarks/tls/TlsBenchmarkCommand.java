package io.keysweep.benchmarks.tls;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.SweepBenchmarkOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.BenchmarkedProfile;
import io.keysweep.benchmarks.server.SweptServer;
import io.keysweep.benchmarks.server.SweptServer.MeasuredSweep;
import io.keysweep.benchmarks.tls.TlsBenchmarkResult.Figures;
import io.keysweep.benchmarks.tls.TlsBenchmarkResult.Pair;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench tls}: sweeps one server with each profile, in turn without TLS and with TLS.
 *
 * <p>The figures show how much slower a sweep over TLS is, and how much more CPU time it takes from the server and from
 * the process that sweeps. Active expiry is off, so only the sweeps reclaim keys. The command prints a table and writes
 * a JSON file, see {@link TlsBenchmarkResult}.
 */
public final class TlsBenchmarkCommand implements Callable<Integer> {

    @Mixin
    private SweepBenchmarkOptions options =
            new SweepBenchmarkOptions(/* keys= */ 400_000, /* expired= */ 200_000, /* rounds= */ 5);

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public TlsBenchmarkCommand() {}

    @Override
    public Integer call() throws Exception {
        options.check();
        RedisVersion version = options.version();
        Map<String, Pair> figures = measure(version);
        TlsBenchmarkResult result = new TlsBenchmarkResult(
                GivenCommandLine.of("dev/bench", spec, "tls"),
                ResultFile.now(),
                Machine.here(),
                version.label(),
                options.keys(),
                options.expired(),
                options.rounds(),
                figures,
                TlsBenchmarkResult.ratios(figures));
        ResultFile.publish(options.output(), "tls", version.label(), result, table(result));
        return 0;
    }

    /** Returns the median figures by profile. */
    private Map<String, Pair> measure(RedisVersion version) throws InterruptedException {
        Map<String, List<Figures>> plainFigures = new LinkedHashMap<>();
        Map<String, List<Figures>> tlsFigures = new LinkedHashMap<>();
        try (Certificates certificates = Certificates.create();
                SweptServer server =
                        SweptServer.prepare(start(version, certificates), options.keys(), options.valueSize())) {
            Deployment plainDeployment = deploymentAt(server.server().port(), /* tls= */ null);
            Deployment tlsDeployment = deploymentAt(
                    server.server().tlsPort(),
                    Tls.ofFiles(certificates.authority().certificate(), /* certificate= */ null, /* key= */ null));
            for (int round = 1; round <= options.rounds(); round++) {
                for (BenchmarkedProfile profile : BenchmarkedProfile.values()) {
                    System.err.println("bench: round " + round + ", " + profile.label());
                    plainFigures
                            .computeIfAbsent(profile.label(), name -> new ArrayList<>())
                            .add(sweep(server, plainDeployment, profile));
                    tlsFigures
                            .computeIfAbsent(profile.label(), name -> new ArrayList<>())
                            .add(sweep(server, tlsDeployment, profile));
                }
            }
        }
        Map<String, Pair> medians = new LinkedHashMap<>();
        plainFigures.forEach((profile, sweeps) -> medians.put(
                profile,
                new Pair(
                        TlsBenchmarkResult.median(sweeps),
                        TlsBenchmarkResult.median(tlsFigures.getOrDefault(profile, List.of())))));
        return medians;
    }

    /** Starts a server with two ports. One of them is for TLS, and clients need no certificate for it. */
    private static RedisServer start(RedisVersion version, Certificates certificates) {
        return RedisServer.startWithTls(
                version, certificates.server(), certificates.authority().certificate(), "--tls-auth-clients", "no");
    }

    private static Deployment deploymentAt(int port, @Nullable Tls tls) {
        return new Deployment.Standalone(new NodeAddress("127.0.0.1", port), new Access(Credentials.NONE, tls));
    }

    /** Plants the expired keys again, and sweeps the server. */
    private Figures sweep(SweptServer server, Deployment deployment, BenchmarkedProfile profile)
            throws InterruptedException {
        server.plantExpired(options.expired());
        MeasuredSweep sweep = server.sweep(deployment, profile.pace());
        long visitedKeys = sweep.report().visited();
        double serverCpu = sweep.serverCpuSeconds();
        double clientCpu = sweep.clientCpuSeconds();
        return new Figures(
                ResultFile.rounded(visitedKeys / sweep.seconds()),
                ResultFile.rounded(serverCpu * 1e6 / visitedKeys),
                ResultFile.rounded(clientCpu * 1e6 / visitedKeys),
                ResultFile.rounded(
                        (serverCpu + clientCpu) * 1e6 / sweep.report().steps()));
    }

    private static String table(TlsBenchmarkResult result) {
        TextTable table = new TextTable(
                List.of("profile", "connection", "keys/s", "server µs/key", "client µs/key", "both µs/step"));
        result.figures().forEach((profile, pair) -> {
            table.add(row(profile, "plain", pair.plain()));
            table.add(row(profile, "TLS", pair.tls()));
        });
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "tls: %s, %,d keys without a TTL, %,d expired keys, median of %d%n%n%s%n",
                result.version(),
                result.persistent(),
                result.expired(),
                result.rounds(),
                table));
        result.ratios().forEach((name, ratio) -> text.append(String.format(Locale.ROOT, "%-20s %6.2f%n", name, ratio)));
        return text.toString();
    }

    private static List<String> row(String profile, String connection, Figures figures) {
        return List.of(
                profile,
                connection,
                String.format(Locale.ROOT, "%,.0f", figures.keysPerSecond()),
                String.format(Locale.ROOT, "%.2f", figures.serverMicrosPerKey()),
                String.format(Locale.ROOT, "%.2f", figures.clientMicrosPerKey()),
                String.format(Locale.ROOT, "%.0f", figures.microsPerStep()));
    }
}
