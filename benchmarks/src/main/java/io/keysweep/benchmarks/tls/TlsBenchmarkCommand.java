package io.keysweep.benchmarks.tls;

import io.keysweep.benchmarks.result.GivenCommandLine;
import io.keysweep.benchmarks.result.Machine;
import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.result.RunOptions;
import io.keysweep.benchmarks.result.TextTable;
import io.keysweep.benchmarks.server.Planter;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.benchmarks.tls.TlsBenchmark.Figures;
import io.keysweep.benchmarks.tls.TlsBenchmark.Pair;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Implements {@code dev/bench tls}: sweeps one server with each profile, in turn without TLS and with TLS.
 *
 * <p>Active expiry is off, so only the sweeps reclaim keys. The command prints a table and writes a JSON file, see
 * {@link TlsBenchmark}.
 */
public final class TlsBenchmarkCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Map<String, PacePolicy> PROFILES = profiles();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--keys", paramLabel = "N", description = "Keys without a TTL (${DEFAULT-VALUE}).")
    private long keys = 400_000;

    @Option(names = "--expired", paramLabel = "N", description = "Expired keys (${DEFAULT-VALUE}).")
    private long expired = 200_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Sweeps for each figure (${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Spec
    private @Nullable CommandSpec spec;

    /** Creates the command with the defaults of its options. */
    public TlsBenchmarkCommand() {}

    private static Map<String, PacePolicy> profiles() {
        Map<String, PacePolicy> profiles = new LinkedHashMap<>();
        profiles.put("gentle", PacePolicy.GENTLE);
        profiles.put("balanced", PacePolicy.BALANCED);
        profiles.put("full", PacePolicy.FULL);
        return profiles;
    }

    @Override
    public Integer call() throws Exception {
        if (keys < 1 || expired < 1 || rounds < 1) {
            throw new IllegalArgumentException("--keys, --expired and --rounds must be 1 or more");
        }
        RedisVersion version = options.version(RedisVersion.REDIS_7_0);
        Map<String, Pair> figures = measure(version);
        TlsBenchmark result = new TlsBenchmark(
                GivenCommandLine.of("dev/bench", spec, "tls"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Machine.here(),
                version.label(),
                keys,
                expired,
                rounds,
                figures,
                TlsBenchmark.ratios(figures));
        Path file = ResultFile.write(options.output(), "tls", version.label(), result);
        System.out.println(table(result));
        System.out.println("written to " + file);
        return 0;
    }

    private Map<String, Pair> measure(RedisVersion version) throws InterruptedException {
        Map<String, List<Figures>> plain = new LinkedHashMap<>();
        Map<String, List<Figures>> tls = new LinkedHashMap<>();
        try (Certificates certificates = Certificates.create();
                RedisServer server = RedisServer.startWithTls(
                        version,
                        certificates.server(),
                        certificates.authority().certificate(),
                        "--tls-auth-clients",
                        "no");
                RespClient client = RespClient.connect(server.port(), TIMEOUT);
                SweepEngine engine = LettuceEngine.sweepEngine()) {
            client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            Planter planter = new Planter(client, options.valueSize());
            planter.plantPersistent("live:", keys);
            Deployment open = at(server.port(), /* tls= */ null);
            Deployment encrypted = at(
                    server.tlsPort(),
                    Tls.ofFiles(certificates.authority().certificate(), /* certificate= */ null, /* key= */ null));
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, PacePolicy> profile : PROFILES.entrySet()) {
                    System.err.println("bench: round " + round + ", " + profile.getKey());
                    planter.plantExpired("dead:", expired);
                    plain.computeIfAbsent(profile.getKey(), name -> new ArrayList<>())
                            .add(sweep(engine, client, open, profile.getValue()));
                    planter.plantExpired("dead:", expired);
                    tls.computeIfAbsent(profile.getKey(), name -> new ArrayList<>())
                            .add(sweep(engine, client, encrypted, profile.getValue()));
                }
            }
        }
        Map<String, Pair> medians = new LinkedHashMap<>();
        plain.forEach((profile, sweeps) -> medians.put(
                profile,
                new Pair(TlsBenchmark.median(sweeps), TlsBenchmark.median(tls.getOrDefault(profile, List.of())))));
        return medians;
    }

    private static Deployment at(int port, @Nullable Tls tls) {
        return new Deployment.Standalone(new NodeAddress("127.0.0.1", port), new Access(Credentials.NONE, tls));
    }

    /** Sweeps the server, and checks that the sweep has counted all expired keys. */
    private Figures sweep(SweepEngine engine, RespClient client, Deployment deployment, PacePolicy pace)
            throws InterruptedException {
        double serverBefore = ServerFigures.cpuSeconds(client);
        double clientBefore = clientCpuSeconds();
        SweepReport report = engine.sweep(SweepRequest.of(deployment, pace), new SweepControl(), event -> {});
        double clientCpu = clientCpuSeconds() - clientBefore;
        double serverCpu = ServerFigures.cpuSeconds(client) - serverBefore;
        if (report.reclaimed() != expired || !report.exact()) {
            throw new IllegalStateException("The sweep counted " + report.reclaimed() + " keys, exact: "
                    + report.exact() + "; there were " + expired);
        }
        return new Figures(
                ResultFile.rounded(report.visited() / (report.elapsed().toNanos() / 1e9)),
                ResultFile.rounded(serverCpu * 1e6 / report.visited()),
                ResultFile.rounded(clientCpu * 1e6 / report.visited()),
                ResultFile.rounded((serverCpu + clientCpu) * 1e6 / report.steps()));
    }

    private static double clientCpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private static String table(TlsBenchmark result) {
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
