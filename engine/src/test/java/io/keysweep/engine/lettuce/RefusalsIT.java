package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusalsIT {

    @AutoClose
    private static final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofSeconds(1), Duration.ofSeconds(3)), Timing.system(), new Random(1));

    /** Returns all versions, also the one that is too old. */
    static List<RedisVersion> everyVersion() {
        return Stream.concat(Stream.of(RedisVersion.REDIS_2_8), RedisVersion.all().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#all")
    void inspect_healthyServer_describesItAndTouchesNothing(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--maxmemory", "100mb");
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.frozen(client).plant(0, 3, 2).plant(7, 0, 4);

            PrimarySummary inspection = engine.inspect(DeploymentUri.parse(server.uri(), null, null));

            assertThat(inspection.nodeId()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(inspection.keys())
                    .containsEntry(0, 5L)
                    .containsEntry(7, 4L)
                    .hasSize(2);
            assertThat(inspection.expires()).containsEntry(0, 2L).containsEntry(7, 4L);
            assertThat(inspection.totalKeys()).isEqualTo(9);
            assertThat(inspection.maxMemory()).isEqualTo(100L << 20);
            assertThat(inspection.usedMemory()).isPositive();
            assertThat(inspection.profile().flavour().name()).isEqualTo(version.valkey() ? "VALKEY" : "REDIS");
            assertThat(inspection.profile().version())
                    .startsWith(version.label().replace("valkey-", ""));
            assertThat(inspection.profile().lazyFree()).isEqualTo(version.valkey());
            assertThat(inspection.profile().clusterEnabled()).isFalse();
            assertThat(keys.size(0)).as("no key is touched").isEqualTo(5);
            assertThat(keys.size(7)).isEqualTo(4);
        }
    }

    @Test
    void inspect_clusterEnabledServer_isReported() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0, "--cluster-enabled", "yes")) {
            assertThat(engine.inspect(DeploymentUri.parse(server.uri(), null, null))
                            .profile()
                            .clusterEnabled())
                    .isTrue();
        }
    }

    @Test
    void inspect_redis28_isTooOld() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_2_8)) {
            assertRefused(server, null, null, Reason.TOO_OLD, "2.8.19", "4.0");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_noPasswordGiven_requiresAuthentication(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--requirepass", "secret")) {
            assertRefused(server, null, null, Reason.AUTHENTICATION_REQUIRED, "NOAUTH");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_wrongPassword_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--requirepass", "secret")) {
            assertRefused(server, null, "other", Reason.WRONG_CREDENTIALS, "password");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_passwordForServerWithoutOne_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            assertRefused(server, null, "other", Reason.WRONG_CREDENTIALS, "password");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void inspect_unknownUser_isWrongCredentials(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            assertRefused(server, "nobody", "other", Reason.WRONG_CREDENTIALS, "user or password");
        }
    }

    @ParameterizedTest
    @CsvSource({"scan, SCAN", "dbsize, DBSIZE", "info, INFO", "select, SELECT"})
    void inspect_forbiddenCommand_isNamedWithTheRemedy(String denied, String named) {
        for (RedisVersion version : RedisVersion.supported()) {
            try (RedisServer server = RedisServer.start(version);
                    RespClient client = server.client()) {
                KeySpace.frozen(client).plant(1, 1, 0);
                client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "-" + denied);
                assertRefused(
                        server,
                        "sweeper",
                        "secret",
                        Reason.COMMAND_FORBIDDEN,
                        named,
                        "ACL SETUSER sweeper +info +select +eval +scan +dbsize +time");
            }
        }
    }

    @Test
    void inspect_databaseDeniedToTheUser_isNamedWithTheRemedy() {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace.frozen(client).plant(0, 1, 0).plant(3, 1, 0);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=0");
            assertRefused(
                    server,
                    "sweeper",
                    "secret",
                    Reason.COMMAND_FORBIDDEN,
                    "to access database 3",
                    "ACL SETUSER sweeper alldbs");
            // The remedy is one.
            client.call("ACL", "SETUSER", "sweeper", "alldbs");
            assertThat(engine.inspect(DeploymentUri.parse(server.uri(), "sweeper", "secret"))
                            .totalKeys())
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 10, 20", "3, 0, 11, 25"})
    void sweep_deniedDatabasesSkipped_sweepsThePermittedOnes(int permitted, int denied, long live, long dead)
            throws InterruptedException {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.frozen(client).plant(0, 10, 20).plant(3, 11, 25);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=" + permitted);
            EventLog log = new EventLog();

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "sweeper", "secret"), PacePolicy.GENTLE)
                            .withDeniedDatabasesSkipped(true),
                    new SweepControl(),
                    log);

            assertThat(report.reclaimed()).isEqualTo(dead);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(permitted)).isEqualTo(live);
            assertThat(keys.size(denied)).isEqualTo(66 - live - dead);
            assertThat(log.events())
                    .filteredOn(SweepEvent.Started.class::isInstance)
                    .singleElement()
                    .matches(event -> ((SweepEvent.Started) event)
                            .summary()
                            .skippedDatabases()
                            .equals(new TreeSet<>(List.of(denied))));
        }
    }

    @Test
    void inspect_onlyDatabaseDenied_isNamed() {
        try (RedisServer server = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = server.client()) {
            KeySpace.frozen(client).plant(0, 1, 0);
            client.call("ACL", "SETUSER", "sweeper", "on", ">secret", "+@all", "db=3");
            assertRefused(server, "sweeper", "secret", Reason.COMMAND_FORBIDDEN, "to access database 0");
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void inspect_replica_namesItsPrimary(RedisVersion version) {
        try (RedisServer primary = RedisServer.start(version);
                RedisServer replica =
                        RedisServer.start(version, "--replicaof", "127.0.0.1", Integer.toString(primary.port()))) {
            assertRefused(replica, null, null, Reason.REPLICA, "127.0.0.1:" + primary.port());
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void inspect_replicaWithoutPrimary_isRefusedAsSuch(RedisVersion version) {
        try (RedisServer replica =
                RedisServer.start(version, "--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no")) {
            assertRefused(replica, null, null, Reason.REPLICA_WITHOUT_PRIMARY, "MASTERDOWN");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_0", "VALKEY_8", "VALKEY_9"})
    void inspect_loadingServer_isRefusedAsLoading(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version)) {
            try (RespClient client = server.client()) {
                KeySpace.frozen(client).plant(0, 2_000, 0);
                client.call("SAVE");
            }
            server.restart(BreakageIT.slowLoading(version));
            assertRefused(server, null, null, Reason.LOADING, "loading its data set");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void inspect_pausedWrites_isNotReclaiming(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            client.call("CLIENT", "PAUSE", "60000", "WRITE");
            assertRefused(server, null, null, Reason.NOT_RECLAIMING, "paused");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8", "VALKEY_9"})
    void inspect_importMode_isNotReclaiming(RedisVersion version) {
        try (RedisServer server = RedisServer.start(version, "--import-mode", "yes")) {
            assertRefused(server, null, null, Reason.NOT_RECLAIMING, "CONFIG SET import-mode no");
        }
    }

    @Test
    void inspect_httpPort_isNotRedis() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        http.start();
        try {
            assertRefused(http.getAddress().getPort(), Reason.NOT_REDIS, "Redis protocol");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void inspect_portThatGreets_isNotRedis() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread greeter = Thread.ofVirtual().start(() -> greet(socket));
            // A greeting before our first command is discarded as no reply; the silence after it causes the refusal.
            assertRefused(socket.getLocalPort(), Reason.NOT_REDIS, "Redis");
            greeter.join();
        }
    }

    @Test
    void inspect_silentPort_isNotRedis() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertRefused(socket.getLocalPort(), Reason.NOT_REDIS, "sent nothing");
        }
    }

    @Test
    void inspect_closedPort_isUnreachable() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused(port, Reason.UNREACHABLE, "no connection");
    }

    @Test
    void inspect_unknownHost_isUnreachable() {
        NodeRefusedException e = refusal("redis://no-such-host.invalid:6379", null, null);
        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(e).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void inspect_tlsOnPlainPort_isNotRedis() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0)) {
            NodeRefusedException e = refusal("rediss://127.0.0.1:" + server.port(), null, null);
            assertThat(e.reason()).isEqualTo(Reason.NOT_REDIS);
            assertThat(e).hasMessageContaining("TLS");
        }
    }

    private static void greet(ServerSocket socket) {
        try (Socket client = socket.accept()) {
            client.getOutputStream().write("SSH-2.0-Some\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The client closes the connection once it has read enough.
        }
    }

    private static void assertRefused(
            RedisServer server, @Nullable String user, @Nullable String password, Reason reason, String... parts) {
        NodeRefusedException e = refusal(server.uri(), user, password);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e.nodeId()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(e).message().contains(parts).doesNotContain("secret", "other ");
    }

    private static void assertRefused(int port, Reason reason, String part) {
        NodeRefusedException e = refusal("redis://127.0.0.1:" + port, null, null);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e).hasMessageContaining(part);
    }

    private static NodeRefusedException refusal(String uri, @Nullable String user, @Nullable String password) {
        NodeRefusedException e = catchThrowableOfType(
                NodeRefusedException.class, () -> engine.inspect(DeploymentUri.parse(uri, user, password)));
        assertThat(e).as("refusal of " + uri).isNotNull();
        return e;
    }
}
