package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.Limit;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps that slow down or hold for replicas that are silent, lag behind or are being synchronised. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class ReplicaGiveWayIT extends GiveWayTestCase {

    /** A share that shows that a sweep has slowed down: 70 % of the usual share, 0.25. */
    private static final double REDUCED_SHARE = 0.7 * 0.25;

    /** The slow pace with the default limits, but without the latency limit, because a busy test machine is slow. */
    private static final PacePolicy SLOW_FOR_REPLICAS = SLOW.withLimits(Limits.GENTLE.with(Signal.LATENCY, Limit.NONE));

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_replicaStopped_holdsUntilItContinuesAndCountsExactly(RedisVersion version)
            throws InterruptedException, IOException {
        try (RedisServer primary = primary(version);
                RedisServer replica = RedisServer.start(version);
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            replicate(client, onReplica, primary.port());
            String process = Objects.requireNonNull(onReplica.info("process_id"));
            signal("STOP", process);

            // The thresholds lie between whole seconds, in which the server reports silence.
            Limit silence = new Limit(/* soft= */ 1.5, /* hard= */ 2.5, Limit.OFF);
            Limits limits = SLOW_FOR_REPLICAS.limits().with(Signal.REPLICA_SILENCE, silence);
            PacePolicy policy = SLOW.withLimits(limits);
            SweepReport report = sweep(primary, policy, event -> {
                if (event instanceof SweepEvent.HoldBegan) {
                    signal("CONT", process);
                }
            });

            assertThat(holds()).isNotEmpty().allMatch(reason -> reason.startsWith("a replica has confirmed nothing"));
            assertThat(events).contains(new SweepEvent.HoldEnded());
            assertCompleteAndExact(report, keys);
            await("the replica has caught up").until(() -> onReplica.callLong("DBSIZE") == LIVE);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_replicaIsBeingSynchronised_holdsFromTheFirstStepUntilItIsOver(RedisVersion version)
            throws InterruptedException, IOException {
        try (RedisServer primary = synchronisingSlowly(version);
                RespClient client = primary.client();
                Socket replica = synchronise(client, primary)) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            AtomicInteger reclaimedBefore = new AtomicInteger(-1);

            SweepReport report = sweep(primary, SLOW_FOR_REPLICAS, event -> {
                if (event instanceof SweepEvent.HoldBegan) {
                    reclaimedBefore.set(LIVE + DEAD - (int) keys.size(0));
                    disconnect(client, replica);
                }
            });

            assertThat(holds()).isNotEmpty().allMatch(reason -> reason.startsWith("a replica is being synchronised"));
            assertThat(reclaimedBefore).hasValue(0);
            assertCompleteAndExact(report, keys);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_replicaConnectsInTheMiddle_holdsUntilItIsSynchronised(RedisVersion version)
            throws InterruptedException, IOException {
        try (RedisServer primary = synchronisingSlowly(version);
                RespClient client = primary.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            List<Socket> replica = new ArrayList<>();

            SweepReport report = sweep(primary, SLOW_FOR_REPLICAS, event -> {
                if (event instanceof SweepEvent.Progressed && replica.isEmpty()) {
                    replica.add(synchronise(client, primary));
                }
                if (event instanceof SweepEvent.HoldBegan) {
                    disconnect(client, replica.getFirst());
                }
            });

            assertThat(holds()).isNotEmpty().allMatch(reason -> reason.startsWith("a replica is being synchronised"));
            assertCompleteAndExact(report, keys);
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_replicaThatDoesNotReadItsData_holdsWhileItIsSent(RedisVersion version)
            throws InterruptedException, IOException {
        try (RedisServer primary = RedisServer.start(version, "--repl-diskless-sync", "no", "--rdbcompression", "no");
                RespClient client = primary.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            // The data is larger than the buffers of the connection, so it is never sent completely.
            client.call("SELECT", "1");
            client.call("SETRANGE", "large", "40000000", "x");
            client.call("SELECT", "0");
            try (Socket replica = synchronise(client, primary)) {
                await("the data is being sent")
                        .until(() -> String.valueOf(client.info("slave0")).contains("state=send_bulk"));

                SweepReport report = sweep(primary, SLOW_FOR_REPLICAS, event -> {
                    if (event instanceof SweepEvent.HoldBegan) {
                        disconnect(client, replica);
                    }
                });

                assertThat(holds()).isNotEmpty().allMatch(reason -> reason.startsWith("a replica is being"));
                assertCompleteAndExact(report, keys);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.engine.lettuce.GiveWayTestCase#versions")
    void sweep_replicaBehindSlowLink_slowsDownAndCountsExactly(RedisVersion version) throws InterruptedException {
        try (RedisServer primary = primary(version);
                RedisServer replica = RedisServer.start(version);
                FaultProxy link = FaultProxy.inFrontOf(primary.port());
                RespClient client = primary.client();
                RespClient onReplica = replica.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            replicate(client, onReplica, link.port());
            // Until the sweep has slowed down, the link is so slow that nearly no data reaches the replica.
            link.toClient().bytesPerSecond(1_000);
            Limit lag = new Limit(/* soft= */ 20_000, /* hard= */ 10_000_000, Limit.OFF);
            PacePolicy policy = SLOW.withLimits(Limits.NONE.with(Signal.REPLICA_LAG, lag));
            SweepReport report = sweep(primary, policy, event -> {
                // The link is fast again once the sweep has slowed down.
                if (event instanceof SweepEvent.Progressed progressed
                        && progressed.progress().share() < REDUCED_SHARE) {
                    link.toClient().bytesPerSecond(Integer.MAX_VALUE);
                }
            });

            assertThat(slowedProgress())
                    .isNotEmpty()
                    .allMatch(progress ->
                            Objects.requireNonNull(progress.slowedBy()).startsWith("a replica is "));
            assertThat(slowedProgress()).anyMatch(progress -> progress.share() < REDUCED_SHARE);
            assertCompleteAndExact(report, keys);
            await("the replica has caught up").until(() -> onReplica.callLong("DBSIZE") == LIVE);
        }
    }

    /** Starts a server that sends its data to a new replica immediately. */
    private static RedisServer primary(RedisVersion version) {
        return RedisServer.start(version, "--repl-diskless-sync-delay", "0");
    }

    /** Starts a server that waits a minute for more replicas before it sends its data to the first replica. */
    private static RedisServer synchronisingSlowly(RedisVersion version) {
        return RedisServer.start(version, "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "60");
    }

    /** Requests a full synchronisation as a replica does, and does not read the data. */
    private static Socket synchronise(RespClient client, RedisServer primary) {
        try {
            Socket replica = new Socket(InetAddress.getLoopbackAddress(), primary.port());
            replica.getOutputStream().write("REPLCONF capa eof capa psync2\r\n".getBytes(StandardCharsets.US_ASCII));
            // The server refuses PSYNC until it has sent its previous reply.
            assertThat(replica.getInputStream().readNBytes(5)).asString().isEqualTo("+OK\r\n");
            replica.getOutputStream().write("PSYNC ? -1\r\n".getBytes(StandardCharsets.US_ASCII));
            await("the primary knows the replica").until(() -> client.info("slave0") != null);
            return replica;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connection of a replica, and makes its primary notice that. */
    private static void disconnect(RespClient client, Socket replica) {
        try {
            replica.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.call("CLIENT", "KILL", "TYPE", "replica");
    }

    /** Makes a server a replica of the primary behind a port, and waits until it has all data. */
    private static void replicate(RespClient primary, RespClient replica, int port) {
        replica.call("REPLICAOF", "127.0.0.1", Integer.toString(port));
        await("the replica is online").until(() -> {
            String line = primary.info("slave0");
            return line != null && line.contains("state=online") && !line.contains("offset=0,");
        });
    }

    /** Sends a signal to a process: STOP or CONT. */
    private static void signal(String name, String process) {
        try {
            new ProcessBuilder("kill", "-" + name, process).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("the program kill cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
