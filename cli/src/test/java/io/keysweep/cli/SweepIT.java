package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keysweep.cli.shell.TestShell;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code keysweep sweep} on real servers, through the whole command line. */
final class SweepIT {

    private final TestShell world = new TestShell().withClock(InstantSource.system());

    @Test
    void sweep_twoDatabases_reclaimsExactlyTheDeadKeys() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keySpace = KeySpace.frozen(client).plant(0, 4_000, 2_000).plant(5, 1_000, 700);

            assertThat(run("sweep", redis.uri())).isZero();

            assertThat(keySpace.size(0)).isEqualTo(4_000);
            assertThat(keySpace.size(5)).isEqualTo(1_000);
            assertThat(world.out())
                    .contains("Swept 127.0.0.1:" + redis.port() + " (Redis 7.0.")
                    .contains("2,700 expired keys (exact)")
                    .containsPattern("db 0 +visited [\\d,]+, reclaimed 2,000")
                    .containsPattern("db 5 +visited [\\d,]+, reclaimed 700");
            assertThat(world.err())
                    .contains("7,700 keys in 2 databases")
                    .contains("100 %")
                    .doesNotContain("\r");
        }
    }

    @Test
    void sweep_json_isOneDocumentOnStandardOutput() {
        try (RedisServer redis = RedisServer.start(RedisVersion.VALKEY_8);
                RespClient client = redis.client()) {
            KeySpace.frozen(client).plant(0, 300, 200);

            assertThat(run("sweep", "--json", "--purge", redis.uri())).isZero();

            JsonNode document = JsonMapper.builder().build().readTree(world.out());
            assertThat(document.path("reclaimed").asLong()).isEqualTo(200);
            assertThat(document.path("exact").asBoolean()).isTrue();
            assertThat(document.path("ending").asString()).isEqualTo("COMPLETED");
            assertThat(document.path("profile").path("flavour").asString()).isEqualTo("VALKEY");
            JsonNode memory = document.path("memory");
            assertThat(memory.path("keysAfter").path("keys").path("0").asLong()).isEqualTo(300);
            assertThat(memory.path("flow").path("inflow").asLong()).isZero();
            assertThat(memory.path("reclaimed").path("method").asString())
                    .as("of so few bytes it is not told")
                    .isEqualTo("UNKNOWN");
            assertThat(memory.path("purge").path("done").asBoolean()).isTrue();
            assertThat(document.path("databases").get(0).path("reclaimed").asLong())
                    .isEqualTo(200);
        }
    }

    @Test
    void sweep_onTerminal_drawsABar() {
        world.onTerminal().with("TERM", "xterm");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_8_0);
                RespClient client = redis.client()) {
            KeySpace.frozen(client).plant(0, 300, 200);

            assertThat(run("sweep", redis.uri())).isZero();

            assertThat(world.err()).contains("\r").contains("500/500 keys").contains("reclaimed 200");
        }
    }

    @Test
    void sweep_overMutualTlsAndUnixSocket_reclaimsAll(@TempDir Path folder) {
        Path socket = folder.resolve("redis.sock");
        try (Certificates certificates = Certificates.create();
                RedisServer redis = RedisServer.startWithTls(
                        RedisVersion.REDIS_7_0,
                        certificates.server(),
                        certificates.authority().certificate(),
                        "--unixsocket",
                        socket.toString());
                RespClient client = redis.client()) {
            String uri = "rediss://localhost:" + redis.tlsPort();
            String ca = "--tls-ca=" + certificates.authority().certificate();
            KeySpace keys = KeySpace.frozen(client).plant(0, 300, 200);

            assertRefused(3, "sweep", uri);
            assertThat(world.err()).contains("not trusted");
            assertRefused(3, "sweep", ca, uri);
            assertThat(world.err()).contains("client certificate");
            assertRefused(2, "sweep", ca, redis.uri());
            assertThat(world.err()).contains("--tls-ca is given").contains("must begin with rediss");
            assertThat(keys.size(0)).isEqualTo(500);

            assertThat(run(
                            "sweep",
                            ca,
                            "--tls-cert=" + certificates.client().certificate(),
                            "--tls-key=" + certificates.client().key(),
                            uri))
                    .isZero();
            assertThat(keys.size(0)).isEqualTo(300);

            keys.plant(0, 0, 70);
            assertThat(run("sweep", "unix://" + socket)).isZero();
            assertThat(keys.size(0)).isEqualTo(300);
            assertThat(world.out()).contains("Swept " + socket + " (Redis 7.0.");
        }
    }

    @Test
    void sweep_cluster_reclaimsOnAllPrimaries() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, 3, 0)) {
            ClusterKeys.plant(cluster, 1_000, 500);
            String uri =
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getLast().port();

            assertThat(run("sweep", "--parallel-per-host", "3", uri)).isZero();

            assertThat(ClusterKeys.count(cluster)).isEqualTo(3_000);
            assertThat(world.out())
                    .contains("Swept the cluster 127.0.0.1:")
                    .contains("1,500 expired keys (exact)")
                    .contains("16,384 of 16,384 slots from start to end, in 1 round");
            cluster.nodes()
                    .forEach(node -> assertThat(world.out())
                            .containsPattern("127.0.0.1:" + node.port() + " .*reclaimed 500, memory"));
            assertThat(world.err()).contains("Sweeping a cluster of 3 primaries");
        }
    }

    @Test
    void sweep_clusterAsJson_tellsEachShardAndTakesAllOptions() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_9, 3, 0)) {
            ClusterKeys.plant(cluster, 100, 50);

            assertThat(run(
                            "sweep",
                            "--json",
                            "--profile=full",
                            "--no-names",
                            "--purge",
                            "redis-cluster://127.0.0.1:"
                                    + cluster.nodes().getFirst().port()))
                    .isZero();

            JsonNode document = JsonMapper.builder().build().readTree(world.out());
            assertThat(document.path("success").asBoolean()).isTrue();
            assertThat(document.path("reclaimed").asLong()).isEqualTo(150);
            assertThat(document.path("sweeps").size()).isEqualTo(3);
            document.path("sweeps").forEach(sweep -> {
                assertThat(sweep.path("covered").asString()).isNotEmpty();
                JsonNode report = sweep.path("report");
                assertThat(report.path("profile").path("method").asString()).isEqualTo("script");
                assertThat(report.path("memory").path("purge").isObject()).isTrue();
            });
        }
    }

    @Test
    void sweep_sentinelDeployment_sweepsThePrimary() {
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.REDIS_8_0, 1, "hush");
                RespClient client = sentinel.primary().client()) {
            KeySpace keySpace = KeySpace.frozen(client).plant(0, 100, 50);
            world.with("KEYSWEEP_SENTINEL_PASSWORD", "hush");
            String sentinels = sentinel.sentinels().stream()
                    .map(server -> "127.0.0.1:" + server.port())
                    .collect(Collectors.joining(","));

            assertRefused(3, "sweep", "redis-sentinel://" + sentinels + "#other");
            assertThat(world.err()).contains("knows no \"other\", it knows: " + RedisSentinel.NAME);
            assertThat(run("sweep", "redis-sentinel://" + sentinels + "#" + RedisSentinel.NAME))
                    .isZero();

            assertThat(keySpace.size(0)).isEqualTo(100);
        }
    }

    @Test
    void sweep_oneServerNamedAsCluster_isToldApart() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            assertRefused(3, "sweep", redis.uri().replace("redis://", "redis-cluster://"));
            assertThat(world.err()).contains("is not a cluster node");
        }
    }

    @Test
    void sweep_emptyServer_isDone() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_6_0)) {
            assertThat(run("sweep", redis.uri())).isZero();

            assertThat(world.out()).contains("reclaimed      0 expired keys");
        }
    }

    @Test
    void sweep_slowerThanItsTimeout_keepsItsCounts() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.frozen(client).plant(0, 50_000, 0);

            assertThat(run("sweep", "--max-rate=100", "--timeout=1s", redis.uri()))
                    .isEqualTo(6);

            assertThat(world.out()).contains("timed out after").doesNotContain("visited        0 keys");
        }
    }

    @Test
    void sweep_passwordFromEnvironment_getsIn() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            world.with("KEYSWEEP_REDIS_PASSWORD", "secret");

            assertThat(run("sweep", redis.uri())).isZero();
        }
    }

    @Test
    void sweep_wrongOrNoPassword_isDenied() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", "secret")) {
            assertRefused(4, "sweep", redis.uri());
            assertRefused(4, "sweep", "--password=guess", redis.uri());
            assertThat(world.err()).doesNotContain("guess");
        }
    }

    @Test
    void sweep_userWithoutScan_isDeniedAndTheCommandNamed() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            client.call("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-scan");
            client.call("SET", "key", "v");

            assertRefused(4, "sweep", "--username=app", "--password=secret", redis.uri());
            assertThat(world.err()).containsIgnoringCase("scan");
        }
    }

    @Test
    void sweep_nobodyListens_isUnreachable() {
        RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
        redis.close();

        assertRefused(3, "sweep", redis.uri());
    }

    @Test
    void sweep_portOfAnHttpServer_isNotRedis() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            assertRefused(3, "sweep", "redis://127.0.0.1:" + http.getAddress().getPort());
        } finally {
            http.stop(0);
        }
    }

    @Test
    void sweep_serverBefore4_isTooOld() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_2_8)) {
            assertRefused(5, "sweep", redis.uri());
            assertThat(world.err()).contains("2.8");
        }
    }

    @Test
    void sweep_replica_isNotSwept() {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica =
                        RedisServer.start(RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1 " + primary.port())) {
            assertRefused(5, "sweep", replica.uri());
            assertThat(world.err()).contains("replica");
        }
    }

    private void assertRefused(int code, String... arguments) {
        assertThat(run(arguments)).isEqualTo(code);
        assertThat(world.out()).isEmpty();
        assertThat(world.err()).contains("keysweep: ").doesNotContain("\tat ").doesNotContain("Exception");
    }

    private int run(String... arguments) {
        return KeysweepCommand.run(world.shell(), arguments);
    }
}
