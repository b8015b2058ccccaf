package io.keysweep.benchmarks.fleet;

import io.keysweep.benchmarks.fleet.FleetBenchmarkResult.FleetFigures;
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
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs several servers with equally many keys, and one engine that sweeps some of them at the same time.
 *
 * <p>Not safe to share between threads.
 */
final class ServerFleet implements AutoCloseable {

    /** The time limit of a command that plants keys or reads figures. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** Holds one server with its connection and its planter. */
    private record Member(RedisServer server, RespClient client, Planter planter) {}

    private final List<Member> members = new ArrayList<>();
    private final long persistent;
    private final long expired;
    private final SweepEngine engine = LettuceEngine.sweepEngine();

    private ServerFleet(long persistent, long expired) {
        this.persistent = persistent;
        this.expired = expired;
    }

    /**
     * Starts the servers, switches off their active expiry so that only sweeps reclaim keys, and plants the persistent
     * keys.
     *
     * @param persistent the number of keys without a TTL on each server
     * @param expired the number of expired keys that {@link #sweep} plants on each server
     * @param valueSize the size of each value, bytes
     */
    static ServerFleet start(int servers, RedisVersion version, long persistent, long expired, int valueSize) {
        ServerFleet fleet = new ServerFleet(persistent, expired);
        try {
            for (int i = 0; i < servers; i++) {
                RedisServer server = RedisServer.start(version);
                RespClient client = RespClient.connect(server.port(), TIMEOUT);
                fleet.members.add(new Member(server, client, new Planter(client, valueSize)));
                client.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
                fleet.members.getLast().planter.plantPersistent("live:", persistent);
            }
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    /**
     * Plants expired keys on the first servers of the fleet, and sweeps these servers at the same time, each in a
     * thread.
     *
     * @param servers the number of servers to sweep
     * @throws IllegalStateException if a sweep does not reclaim exactly the planted keys
     */
    FleetFigures sweep(int servers, PacePolicy pace) throws InterruptedException {
        List<Member> sweptMembers = members.subList(0, servers);
        sweptMembers.forEach(member -> member.planter.plantExpired("dead:", expired));
        double serverCpuBefore = serverCpuSeconds(sweptMembers);
        long clientCpuBefore = clientCpuNanos();
        long start = System.nanoTime();
        sweepAndCheck(sweptMembers, pace);
        double seconds = (System.nanoTime() - start) / 1e9;
        double keys = (double) servers * (persistent + expired);
        double clientMicros = (clientCpuNanos() - clientCpuBefore) / 1e3 / keys;
        double serverMicros = (serverCpuSeconds(sweptMembers) - serverCpuBefore) * 1e6 / keys;
        Runtime runtime = Runtime.getRuntime();
        return new FleetFigures(
                servers,
                ResultFile.rounded(seconds),
                ResultFile.rounded(keys / seconds),
                ResultFile.rounded(serverMicros),
                ResultFile.rounded(clientMicros),
                ResultFile.rounded(serverMicros / clientMicros),
                ResultFile.rounded((runtime.totalMemory() - runtime.freeMemory()) / 1e6));
    }

    /** Sweeps the servers at the same time, each in a thread, and checks the reports. */
    private void sweepAndCheck(List<Member> sweptMembers, PacePolicy pace) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(sweptMembers.size())) {
            List<Future<SweepReport>> reports = new ArrayList<>();
            for (Member member : sweptMembers) {
                SweepRequest request = SweepRequest.of(DeploymentUri.parse(member.server.uri()), pace);
                reports.add(threads.submit(() -> engine.sweep(request, new SweepControl(), event -> {})));
            }
            for (Future<SweepReport> report : reports) {
                check(report.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A sweep failed", e.getCause());
        }
    }

    /** Throws an exception unless a sweep has completed and reclaimed all expired keys. */
    private void check(SweepReport report) {
        if (report.ending() != SweepReport.Ending.COMPLETED || report.reclaimed() != expired) {
            throw new IllegalStateException(
                    report.nodeId() + ": " + report.ending() + ", reclaimed " + report.reclaimed() + " of " + expired);
        }
    }

    private static double serverCpuSeconds(List<Member> members) {
        return members.stream()
                .mapToDouble(member -> ServerFigures.cpuSeconds(member.client))
                .sum();
    }

    private static long clientCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Override
    public void close() {
        engine.close();
        for (Member member : members) {
            member.client.close();
            member.server.close();
        }
    }
}
