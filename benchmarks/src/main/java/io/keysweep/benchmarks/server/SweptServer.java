package io.keysweep.benchmarks.server;

import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RespClient;
import java.time.Duration;

/**
 * Sweeps one server again and again, plants expired keys before a sweep, and measures each sweep.
 *
 * <p>The server's active expiry is off, so only the sweeps reclaim keys. A sweep must therefore count exactly the
 * expired keys that were planted before it. Not safe to share between threads.
 */
public final class SweptServer implements AutoCloseable {

    /** The time limit of a command that plants keys. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final RedisServer server;
    private final RespClient client;
    private final Planter planter;
    private final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The expired keys that were planted since the last sweep. */
    private long expired;

    private SweptServer(RedisServer server, int valueSize) {
        this.server = server;
        client = RespClient.connect(server.port(), TIMEOUT);
        planter = new Planter(client, valueSize);
    }

    /**
     * Prepares a server that has just started: switches its active expiry off, and plants the keys that outlive all
     * sweeps. The caller must close the result, which also stops the server.
     *
     * @param persistent the number of keys without a TTL
     * @param valueSize the bytes of each value
     */
    public static SweptServer prepare(RedisServer server, long persistent, int valueSize) {
        SweptServer swept = new SweptServer(server, valueSize);
        try {
            swept.client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            swept.planter.plantPersistent("live:", persistent);
            return swept;
        } catch (RuntimeException e) {
            swept.close();
            throw e;
        }
    }

    /** Plants expired keys, which the next sweep must reclaim. */
    public void plantExpired(long count) {
        planter.plantExpired("dead:", count);
        expired = count;
    }

    /**
     * Sweeps the server, and measures the sweep.
     *
     * @param deployment the way to the server, which may lead through a proxy or TLS
     * @throws IllegalStateException if the sweep does not count exactly the planted expired keys
     */
    public MeasuredSweep sweep(Deployment deployment, PacePolicy pace) throws InterruptedException {
        double serverCpuBefore = ServerFigures.cpuSeconds(client);
        double clientCpuBefore = ownCpuSeconds();
        long start = System.nanoTime();
        SweepReport report = engine.sweep(SweepRequest.of(deployment, pace), new SweepControl(), event -> {});
        long end = System.nanoTime();
        double clientCpu = ownCpuSeconds() - clientCpuBefore;
        double serverCpu = ServerFigures.cpuSeconds(client) - serverCpuBefore;
        if (report.reclaimed() != expired || !report.exact()) {
            throw new IllegalStateException("The sweep counted " + report.reclaimed() + " keys, exact: "
                    + report.exact() + "; there were " + expired);
        }
        expired = 0;
        return new MeasuredSweep(report, start, end, serverCpu, clientCpu);
    }

    /** Returns the CPU time of this process since its start, s. */
    private static double ownCpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /** Returns the server, for its ports and its URI. */
    public RedisServer server() {
        return server;
    }

    /** Returns the connection for commands of the benchmark. */
    public RespClient client() {
        return client;
    }

    @Override
    public void close() {
        engine.close();
        client.close();
        server.close();
    }

    /**
     * Reports one sweep and its cost.
     *
     * @param report the report of the sweep itself
     * @param startNanos the start of the sweep, by {@link System#nanoTime}
     * @param endNanos the end of the sweep, by {@link System#nanoTime}
     * @param serverCpuSeconds the CPU time that the server used during the sweep, s
     * @param clientCpuSeconds the CPU time that this process, which sweeps, used during the sweep, s
     */
    public record MeasuredSweep(
            SweepReport report, long startNanos, long endNanos, double serverCpuSeconds, double clientCpuSeconds) {

        /** Returns the duration of the sweep that its report contains, s. */
        public double seconds() {
            return report.elapsed().toNanos() / 1e9;
        }
    }
}
