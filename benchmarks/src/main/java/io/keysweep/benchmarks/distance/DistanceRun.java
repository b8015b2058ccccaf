package io.keysweep.benchmarks.distance;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.benchmarks.server.ServerFigures;
import io.keysweep.benchmarks.server.SweptServer;
import io.keysweep.benchmarks.server.SweptServer.MeasuredSweep;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.util.Arrays;

/**
 * Sweeps one planted server through a proxy that delays all bytes, and measures the sweep and its steps.
 *
 * <p>Active expiry is off, so only the sweep reclaims keys. Not safe to share between threads.
 */
final class DistanceRun implements AutoCloseable {

    /** The outermost commands of a step (a script or a transaction), as INFO latencystats names them. */
    private static final String[] STEPS = {"eval", "exec"};

    private final SweptServer server;
    private final FaultProxy proxy;
    private final long expired;

    private DistanceRun(SweptServer server, long expired) {
        this.server = server;
        this.expired = expired;
        proxy = FaultProxy.inFrontOf(server.server().port());
    }

    /** Starts a server with persistent keys, and a proxy in front of it. The caller must close the result. */
    static DistanceRun start(RedisVersion version, long persistent, long expired, int valueSize) {
        SweptServer server = SweptServer.prepare(RedisServer.start(version), persistent, valueSize);
        try {
            server.client().call("CONFIG", "SET", "latency-tracking-info-percentiles", "99");
            return new DistanceRun(server, expired);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Plants the expired keys again, and sweeps the server through the delaying proxy.
     *
     * @param roundTripMs the delay of a command and its reply together, ms
     */
    DistanceResult.Figures sweep(PacePolicy pace, double roundTripMs) throws InterruptedException {
        server.plantExpired(expired);
        server.client().call("CONFIG", "RESETSTAT");
        // Each direction gets half of the round trip; half of 1 ms is 500,000 ns.
        Duration oneWay = Duration.ofNanos((long) (roundTripMs * 500_000));
        proxy.toServer().delay(oneWay);
        proxy.toClient().delay(oneWay);
        MeasuredSweep sweep = server.sweep(DeploymentUri.parse(proxy.uri()), pace);
        return new DistanceResult.Figures(
                roundTripMs,
                ResultFile.rounded(sweep.report().visited() / sweep.seconds()),
                ResultFile.rounded(stepP99Ms()),
                ResultFile.rounded(sweep.serverCpuSeconds() / sweep.seconds()),
                pace.shareCeiling());
    }

    /** Returns the 99th percentile of the time of a step by the server's own statistics, ms; 0 if it has no steps. */
    private double stepP99Ms() {
        ServerFigures latencies = ServerFigures.of(server.client(), "latencystats");
        return Arrays.stream(STEPS)
                .map(step -> latencies.fields().get("latency_percentiles_usec_" + step))
                .filter(text -> text != null)
                .mapToDouble(text -> Double.parseDouble(text.substring(text.indexOf('=') + 1)) / 1_000)
                .max()
                .orElse(0);
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
