package io.keysweep.benchmarks.distance;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.Planter;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.Arrays;

/**
 * Sweeps one planted server through a proxy that delays all bytes, and measures the sweep and its steps.
 *
 * <p>Active expiry is off, so only the sweep reclaims keys. Not safe to share between threads.
 */
final class DistanceRun implements AutoCloseable {

    /** The time limit of a command that plants keys. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** The outermost commands of a step, as the server names them in INFO latencystats. */
    private static final String[] STEPS = {"eval", "exec"};

    private final RedisServer server;
    private final RespClient client;
    private final Planter planter;
    private final FaultProxy proxy;
    private final SweepEngine engine = LettuceEngine.sweepEngine();
    private final long expired;

    private DistanceRun(RedisServer server, int valueSize, long expired) {
        this.server = server;
        this.expired = expired;
        client = RespClient.connect(server.port(), TIMEOUT);
        planter = new Planter(client, valueSize);
        proxy = FaultProxy.before(server.port());
    }

    /** Starts a server with persistent keys, and a proxy in front of it. The caller must close the result. */
    static DistanceRun start(RedisVersion version, long persistent, long expired, int valueSize) {
        DistanceRun run = new DistanceRun(RedisServer.start(version), valueSize, expired);
        run.client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
        run.client.call("CONFIG", "SET", "latency-tracking-info-percentiles", "99");
        run.planter.plantPersistent("live:", persistent);
        return run;
    }

    /**
     * Plants the expired keys again, and sweeps the server through the delaying proxy.
     *
     * @param roundTripMs the delay of a command and its reply together, ms
     */
    DistanceResult.Figures sweep(PacePolicy pace, double roundTripMs) throws InterruptedException {
        planter.plantExpired("dead:", expired);
        client.call("CONFIG", "RESETSTAT");
        Duration oneWay = Duration.ofNanos((long) (roundTripMs * 500_000));
        proxy.toServer().delay(oneWay);
        proxy.toClient().delay(oneWay);
        double cpuBefore = ServerFigures.cpuSeconds(client);
        SweepReport report = engine.sweep(
                SweepRequest.of(DeploymentUri.parse(proxy.uri(), null, null), pace), new SweepControl(), event -> {});
        double cpu = ServerFigures.cpuSeconds(client) - cpuBefore;
        if (report.reclaimed() != expired || !report.exact()) {
            throw new IllegalStateException("The sweep counted " + report.reclaimed() + " keys, exact: "
                    + report.exact() + "; there were " + expired);
        }
        double seconds = report.elapsed().toNanos() / 1e9;
        return new DistanceResult.Figures(
                roundTripMs,
                ResultFile.rounded(report.visited() / seconds),
                ResultFile.rounded(stepP99Ms()),
                ResultFile.rounded(cpu / seconds),
                pace.shareCeiling());
    }

    /** Returns the 99th percentile of the time of a step by the server's own statistics, ms. */
    private double stepP99Ms() {
        ServerFigures latencies = ServerFigures.of(client, "latencystats");
        return Arrays.stream(STEPS)
                .map(step -> latencies.fields().get("latency_percentiles_usec_" + step))
                .filter(text -> text != null)
                .mapToDouble(text -> Double.parseDouble(text.substring(text.indexOf('=') + 1)) / 1_000)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        engine.close();
        proxy.close();
        client.close();
        server.close();
    }
}
