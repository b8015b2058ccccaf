package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.FakePeer.bulk;
import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.ReplicaFirstEstimator;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.FakePeer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that sweep, doctor and estimate name the same cause for a server that refuses them or answers nonsense. */
final class BrokenServersIT {

    /** The reply to INFO of a primary with three keys. */
    private static final String INFO =
            bulk("redis_version:7.0.15\r\nrole:master\r\ndb0:keys=3,expires=3,avg_ttl=0\r\n");

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(connector(), Timing.system(), new Random(1));

    @AutoClose
    private static final Doctor doctor = new ServerDoctor(connector());

    @AutoClose
    private static final BacklogEstimator estimator =
            new ReplicaFirstEstimator(connector(), Timing.system(), new Random(1));

    @Test
    void refusal_noFreeConnection_saysSo() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--maxclients", "1");
                RespClient onlyClient = openOnlyConnection(server)) {
            assertThat(onlyClient.callText("PING")).isEqualTo("PONG");

            assertRefused(server.uri(), /* password= */ null, Reason.UNREACHABLE, "maxclients reached");
            assertRefused(server.uri(), "secret", Reason.UNREACHABLE, "maxclients reached");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-DENIED Redis is running in protected mode because no password is set | AUTHENTICATION_REQUIRED"
                        + " | protected mode",
                "-ERR max number of clients reached | UNREACHABLE | maxclients reached",
                "SSH-2.0-OpenSSH_9.2 | NOT_REDIS | SSH-2.0-OpenSSH_9.2"
            })
    void refusal_errorLineBeforeTheConnectionCloses_isExplainedByTheLine(String line, Reason reason, String words) {
        try (FakePeer server = FakePeer.hangingUp(line + "\r\n")) {
            assertRefused(server.uri(), /* password= */ null, reason, words);
            assertRefused(server.uri(), "secret", reason, words);
        }
    }

    @Test
    void refusal_connectionClosedImmediately_isUnreachable() {
        try (FakePeer server = FakePeer.hangingUp("")) {
            assertRefused(
                    server.uri(), /* password= */ null, Reason.UNREACHABLE, "closed the connection before it answered");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'$0\\r\\n\\r\\n' | answered INFO with \"\"",
                "'$5\\r\\nhello\\r\\n' | answered INFO with \"hello\"",
                "'$-5\\r\\n' | sent \"$-5\" instead of a reply",
                "'$abc\\r\\n' | sent \"$abc\" instead of a reply",
                "'*99999999999\\r\\n' | sent \"*99999999999\" instead of a reply",
                "'%1\\r\\n' | sent \"%1\" instead of a reply",
                "'$-1\\r\\n' | nothing (nil) instead of a text",
                "':7\\r\\n' | the integer 7 instead of a text",
                "'HTTP/1.1 400 Bad Request\\r\\n\\r\\n' | HTTP/1.1 400 Bad Request"
            })
    void refusal_malformedInfo_hasReasonNotRedis_andQuotesTheReply(String reply, String words) {
        String bytes = reply.replace("\\r\\n", "\r\n");
        try (FakePeer server = FakePeer.answering(Map.of("INFO", bytes, "AUTH", "+OK\r\n"))) {
            assertRefused(server.uri(), /* password= */ null, Reason.NOT_REDIS, words);
            assertRefused(server.uri(), "secret", Reason.NOT_REDIS, words);

            NodeRefusedException readRefusal = refusal(() -> engine.read(
                    deployment(server.uri(), /* password= */ null), new NodeAddress("127.0.0.1", server.port())));
            assertThat(readRefusal.reason()).isEqualTo(Reason.NOT_REDIS);
            assertThat(readRefusal).hasMessageContaining(words);
        }
    }

    @ParameterizedTest
    @CsvSource({"ab\u0001c, ab\\u0001c", "-1, -1", "18446744073709551616, 18446744073709551616"})
    void refusal_malformedCursor_hasReasonNotRedis_andQuotesTheReply(String cursor, String words) {
        Map<String, String> replies = Map.of(
                "INFO",
                INFO,
                "DBSIZE",
                ":3\r\n",
                "SELECT",
                "+OK\r\n",
                "SCAN",
                "*2\r\n" + bulk(cursor) + "*1\r\n" + bulk("name of a key"));
        try (FakePeer server = FakePeer.answering(replies)) {
            assertRefused(
                    server.uri(), /* password= */ null, Reason.NOT_REDIS, "sent \"" + words + "\" instead of a number");
        }
    }

    @Test
    void refusal_malformedCursorInTheSweepOnly_hasReasonNotRedis_andQuotesTheReply() {
        // The test of the reclaim methods gets a normal reply, so that only the sweep sees the wrong cursor.
        Map<String, String> replies = Map.of(
                "INFO",
                INFO,
                "DBSIZE",
                ":3\r\n",
                "SCAN probe",
                "-ERR invalid cursor\r\n",
                "SCAN",
                "*2\r\n" + bulk("abc") + "*0\r\n");
        try (FakePeer server = FakePeer.answering(replies)) {
            NodeRefusedException refusal = refusal(() -> sweep(deployment(server.uri(), /* password= */ null)));

            assertThat(refusal.reason()).isEqualTo(Reason.NOT_REDIS);
            assertThat(refusal).hasMessageContaining("sent \"abc\" instead of a number");
        }
    }

    /** Asserts that sweep, inspection, doctor and estimate refuse the server with the same message. */
    private static void assertRefused(String uri, @Nullable String password, Reason reason, String words) {
        Deployment deployment = deployment(uri, password);
        NodeRefusedException sweepRefusal = refusal(() -> sweep(deployment));
        assertThat(sweepRefusal.reason())
                .as("the reason of the refusal: %s", sweepRefusal.getMessage())
                .isEqualTo(reason);
        assertThat(sweepRefusal).hasMessageContaining(words);
        assertThat(sweepRefusal.getMessage()).doesNotContain("name of a key");

        String message = Objects.requireNonNull(sweepRefusal.getMessage());
        assertThat(refusal(() -> engine.inspect(deployment))).hasMessage(message);
        assertThat(refusal(() -> doctor.examine(deployment, /* purging= */ false)))
                .hasMessage(message);
        assertThat(refusal(() -> estimator.estimate(
                        new EstimateRequest(deployment, /* exact= */ false, /* samplePrimary= */ true))))
                .hasMessage(message);
    }

    private static Deployment deployment(String uri, @Nullable String password) {
        return DeploymentUri.parse(uri, /* username= */ null, password);
    }

    private static void sweep(Deployment deployment) throws InterruptedException {
        engine.sweep(SweepRequest.of(deployment, PacePolicy.GENTLE), new SweepControl(), event -> {});
    }

    /** Returns the refusal that a call must throw. */
    private static NodeRefusedException refusal(ThrowingCallable call) {
        NodeRefusedException refusal = catchThrowableOfType(NodeRefusedException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    /** Opens the only connection that the server allows, once the server has noticed that the others have ended. */
    private static RespClient openOnlyConnection(RedisServer server) {
        List<RespClient> clients = new ArrayList<>();
        await("the server accepts a connection").until(() -> {
            RespClient client = server.client();
            try {
                client.call("PING");
                clients.add(client);
            } catch (RespException e) {
                client.close();
            }
            return !clients.isEmpty();
        });
        return clients.getFirst();
    }

    private static LettuceConnector connector() {
        return new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));
    }
}
