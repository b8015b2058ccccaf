package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespException;
import io.keysweep.testkit.RespProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that sweeps and estimates fail if SCAN never ends, because a proxy changes the cursors in its replies. */
final class EndlessScanIT {

    @AutoClose
    private static final RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    @BeforeAll
    static void plant() {
        try (RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 3_000, /* dead= */ 500);
        }
    }

    /**
     * Tests one reclaim method per row. The columns are the command whose replies the proxy changes, and the commands
     * that it refuses. The cursor 0, which would end the scan, becomes 7.
     */
    @ParameterizedTest
    @CsvSource({"EVAL, NONE", "EXEC, EVAL", "SCAN, EVAL MULTI", "SCAN, NONE"})
    void sweep_cursorsRepeat_failsInEachMethod(String changedCommand, String refusedCommands) {
        assertEndless(
                Set.of(refusedCommands.split(" ", -1)), changedCommand, cursor -> cursor.equals("0") ? "7" : cursor);
    }

    @Test
    void sweep_cursorGrowsWithoutEnd_fails() {
        long[] nextCursor = {100};
        assertEndless(Set.of("EVAL", "MULTI"), "SCAN", cursor -> Long.toString(nextCursor[0]++));
    }

    @Test
    void sweep_emptyPagesWithoutEnd_fails() {
        long[] nextCursor = {100};
        try (RespProxy proxy = RespProxy.inFrontOf(List.of(server), number -> (command, clients) -> {
            if (command.getFirst().equals("EVAL") || command.getFirst().equals("MULTI")) {
                throw unsupported(clients);
            }

            // Each reply to SCAN is an empty page with a cursor that was not there before.
            Object reply = clients.getFirst().call(command.toArray(String[]::new));
            return command.getFirst().equals("SCAN") ? List.of(Long.toString(nextCursor[0]++), List.of()) : reply;
        })) {
            assertFails(proxy);
        }
    }

    @Test
    void estimate_cursorsRepeat_fails() {
        // The estimate scans a small database completely. Its check of cursors at the start gets unchanged replies.
        int[] scans = {0};
        try (RespProxy proxy = proxyChanging(
                Set.of("EVAL", "MULTI"), "SCAN", cursor -> scans[0]++ > 4 && cursor.equals("0") ? "7" : cursor)) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(
                            new EstimateRequest(deployment(proxy), /* exact= */ false, /* samplePrimary= */ true)))
                    .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                    .withMessageContaining("never ends");
        }
    }

    /** Asserts that a sweep fails if the cursors in the replies to one command change and others are refused. */
    private static void assertEndless(
            Set<String> refusedCommands, String changedCommand, UnaryOperator<String> cursors) {
        try (RespProxy proxy = proxyChanging(refusedCommands, changedCommand, cursors)) {
            assertFails(proxy);
        }
    }

    /** Asserts that a sweep through a proxy fails because SCAN never ends. */
    private static void assertFails(RespProxy proxy) {
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> engine.sweep(
                        SweepRequest.of(deployment(proxy), PacePolicy.FULL), new SweepControl(), new EventLog()))
                .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                .withMessageContaining("never ends the SCAN of database 0");
    }

    /** Starts a proxy that changes the cursors in the replies to one command, and refuses some others. */
    private static RespProxy proxyChanging(
            Set<String> refusedCommands, String changedCommand, UnaryOperator<String> cursors) {
        return RespProxy.inFrontOf(List.of(server), number -> (command, clients) -> {
            if (refusedCommands.contains(command.getFirst())) {
                throw unsupported(clients);
            }
            Object reply = clients.getFirst().call(command.toArray(String[]::new));
            return command.getFirst().equals(changedCommand) ? changeCursors(reply, cursors) : reply;
        });
    }

    /** Returns the error with which a server answers an unknown command. */
    private static RespException unsupported(List<RespClient> clients) {
        try {
            clients.getFirst().call("UNSUPPORTED");
            throw new AssertionError("the server knows every command");
        } catch (RespException e) {
            return e;
        }
    }

    /** Changes the first element of the innermost array that contains a cursor. */
    private static @Nullable Object changeCursors(@Nullable Object reply, UnaryOperator<String> cursors) {
        if (!(reply instanceof List<?> items) || items.isEmpty()) {
            return reply;
        }
        List<@Nullable Object> copy = new ArrayList<>(items);
        if (items.getFirst() instanceof String cursor) {
            copy.set(0, cursors.apply(cursor));
        } else if (items.size() > 1) {
            copy.set(1, changeCursors(Objects.requireNonNull(items.get(1)), cursors));
        }
        return copy;
    }

    private static Deployment deployment(RespProxy proxy) {
        return DeploymentUri.parse(proxy.uri());
    }
}
