package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs {@code keysweep sweep} on clusters, Sentinel deployments, and servers that use TLS or a Unix socket. */
final class SweepDeploymentIT {

    private final SweepRun sweep = new SweepRun();

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
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            // Without --tls-ca, the test authority is not trusted.
            sweep.assertRefused(ExitCode.UNREACHABLE, uri);
            assertThat(sweep.shell().err()).contains("not trusted");

            // Without --tls-cert, the server refuses the client.
            sweep.assertRefused(ExitCode.UNREACHABLE, ca, uri);
            assertThat(sweep.shell().err()).contains("client certificate");

            // TLS options need a rediss URI.
            sweep.assertRefused(ExitCode.USAGE, ca, redis.uri());
            assertThat(sweep.shell().err()).contains("--tls-ca is given").contains("must begin with rediss");
            assertThat(keys.size(0)).isEqualTo(500);

            // With all three TLS options, the sweep reclaims the expired keys.
            assertThat(sweep.run(
                            ca,
                            "--tls-cert=" + certificates.client().certificate(),
                            "--tls-key=" + certificates.client().key(),
                            uri))
                    .isZero();
            assertThat(keys.size(0)).isEqualTo(300);

            // So does a sweep over the Unix socket.
            keys.plant(/* db= */ 0, /* live= */ 0, /* dead= */ 70);
            assertThat(sweep.run("unix://" + socket)).isZero();
            assertThat(keys.size(0)).isEqualTo(300);
            assertThat(sweep.shell().out()).contains("Swept " + socket + " (Redis 7.0.");
        }
    }

    @Test
    void sweep_cluster_reclaimsOnAllPrimaries() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, /* live= */ 1_000, /* dead= */ 500);
            String uri =
                    "redis-cluster://127.0.0.1:" + cluster.nodes().getLast().port();

            assertThat(sweep.run("--parallel-per-host", "3", uri)).isZero();

            assertThat(ClusterKeys.count(cluster)).isEqualTo(3_000);
            assertThat(sweep.shell().out())
                    .contains("Swept the cluster 127.0.0.1:")
                    .contains("1,500 expired keys (exact)")
                    .contains("16,384 of 16,384 slots from start to end, in 1 round");

            cluster.nodes()
                    .forEach(node -> assertThat(sweep.shell().out())
                            .containsPattern("127.0.0.1:" + node.port() + " .*reclaimed 500, memory"));
            assertThat(sweep.shell().err()).contains("Sweeping a cluster of 3 primaries");
        }
    }

    @Test
    void sweep_clusterAsJson_reportsEachShardAndUsesAllOptions() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_9, /* primaries= */ 3, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, /* live= */ 100, /* dead= */ 50);

            assertThat(sweep.run(
                            "--json",
                            "--profile=full",
                            "--no-names",
                            "--purge",
                            "redis-cluster://127.0.0.1:"
                                    + cluster.nodes().getFirst().port()))
                    .isZero();

            JsonNode document =
                    JsonMapper.builder().build().readTree(sweep.shell().out());
            assertThat(document.path("success").asBoolean()).isTrue();
            assertThat(document.path("total").path("reclaimed").asLong()).isEqualTo(150);
            assertThat(document.path("nodes").size()).isEqualTo(3);

            document.path("nodes").forEach(node -> {
                assertThat(node.path("covered").asString()).isNotEmpty();
                assertThat(node.path("profile").path("method").asString()).isEqualTo("script");
                assertThat(node.path("memory").path("purge").isObject()).isTrue();
            });
        }
    }

    @Test
    void sweep_sentinelDeployment_sweepsThePrimary() {
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.REDIS_8_0, /* replicas= */ 1, "hush");
                RespClient client = sentinel.primary().client()) {
            KeySpace keySpace = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            sweep.shell().with("KEYSWEEP_SENTINEL_PASSWORD", "hush");
            String sentinels = sentinel.sentinels().stream()
                    .map(server -> "127.0.0.1:" + server.port())
                    .collect(Collectors.joining(","));

            sweep.assertRefused(ExitCode.UNREACHABLE, "redis-sentinel://" + sentinels + "#other");
            assertThat(sweep.shell().err()).contains("knows no 'other', it knows: " + RedisSentinel.NAME);
            assertThat(sweep.run("redis-sentinel://" + sentinels + "#" + RedisSentinel.NAME))
                    .isZero();

            assertThat(keySpace.size(0)).isEqualTo(100);
        }
    }

    @Test
    void sweep_singleServerNamedAsCluster_isRefused() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            sweep.assertRefused(ExitCode.UNREACHABLE, redis.uri().replace("redis://", "redis-cluster://"));
            assertThat(sweep.shell().err()).contains("is not a cluster node");
        }
    }
}
