package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

final class ClusterScanIT {

    private static final int LIVE = 1_000;
    private static final int DEAD = 20_000;

    private TestService service;

    @BeforeEach
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void scan_ofAClusterWithAFailoverInTheMiddle_succeedsAndCountsExactly(RedisVersion version) {
        try (RedisCluster cluster = RedisCluster.start(version, 3, 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer seed = cluster.nodes().getFirst();
            String instance =
                    service.register(service.administrator(), "cluster", "redis-cluster://127.0.0.1:" + seed.port());
            String scan = create(instance);
            await("the first sweep runs").until(() -> scan(scan).reclaimed() > 0);
            cluster.failover(cluster.replicasOf(seed).getFirst());
            awaitEnd(scan);

            Scan done = scan(scan);
            assertThat(done.failure()).isNull();
            assertThat(done.state()).isEqualTo(ScanState.SUCCESS);
            assertThat(done.reclaimed()).isEqualTo(3 * DEAD);
            assertThat(done.exact()).isTrue();
            assertThat(done.fraction()).isEqualTo(1);
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
            Answer shown = service.call(
                    service.administrator(),
                    "GET",
                    "/v2/" + service.administrator().projectId() + "/instances/" + instance,
                    "");
            assertThat(shown.body().path("cache_mode").asString()).isEqualTo("cluster");
            assertThat(shown.body().path("sharding_count").asInt()).isEqualTo(3);
        }
    }

    @Test
    void scan_whileSlotsMove_sweepsThemWhereTheyLive() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_8_0, 3, 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer first = cluster.nodes().getFirst();
            RedisServer last = cluster.nodes().getLast();
            String instance =
                    service.register(service.administrator(), "cluster", "redis-cluster://127.0.0.1:" + first.port());
            String scan = createSlow(instance);
            await("the first sweep runs").until(() -> scan(scan).reclaimed() > 0);
            SweepRecord running = scan(scan).sweeps().stream()
                    .filter(sweep -> sweep.reclaimed() > 0)
                    .findFirst()
                    .orElseThrow();
            boolean firstRuns = running.nodeId().endsWith(":" + first.port());
            RedisServer from = firstRuns ? first : last;
            RedisServer to = firstRuns ? last : first;
            int slot = firstRuns ? 0 : 16_383;
            cluster.moveSlots(from, to, slot, slot);
            awaitEnd(scan);

            Scan done = scan(scan);
            assertThat(done.failure()).isNull();
            assertThat(done.state()).isEqualTo(ScanState.SUCCESS);
            assertThat(done.sweeps()).extracting(SweepRecord::round).contains(1, 2);
            assertThat(ClusterKeys.count(cluster)).isEqualTo(3 * LIVE);
        }
    }

    @Test
    void scan_withAnUnassignedSlot_failsAndNamesIt() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, 3, 0)) {
            RedisServer first = cluster.nodes().getFirst();
            try (RespClient client = first.client()) {
                client.call("CLUSTER", "DELSLOTS", "7");
            }
            String instance =
                    service.register(service.administrator(), "cluster", "redis-cluster://127.0.0.1:" + first.port());
            String scan = create(instance);
            awaitEnd(scan);

            assertThat(scan(scan).state()).isEqualTo(ScanState.FAILED);
            assertThat(scan(scan).failure()).startsWith("Slots 7 are served by no primary");
        }
    }

    @Test
    void scan_ofASentinelDeployment_sweepsItsPrimary() {
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.VALKEY_8, 1, "hush");
                RespClient client = sentinel.primary().client()) {
            KeySpace keySpace = KeySpace.frozen(client).plant(0, LIVE, DEAD);
            String sentinels = sentinel.sentinels().stream()
                    .map(server -> "127.0.0.1:" + server.port())
                    .collect(Collectors.joining(","));
            String instance = service.register(
                    service.administrator(),
                    JsonMapper.builder()
                            .build()
                            .createObjectNode()
                            .put("name", "sentinel")
                            .put("uri", "redis-sentinel://" + sentinels + "#" + RedisSentinel.NAME)
                            .put("sentinelPassword", "hush"));
            String scan = create(instance);
            awaitEnd(scan);

            assertThat(scan(scan).failure()).isNull();
            assertThat(scan(scan).reclaimed()).isEqualTo(DEAD);
            assertThat(keySpace.size(0)).isEqualTo(LIVE);
        }
    }

    private String create(String instance) {
        Answer answer = service.call(
                service.administrator(),
                "POST",
                "/v2/" + service.administrator().projectId() + "/instances/" + instance + "/scan-expire-keys-task",
                "");
        assertThat(answer.status()).as(answer.response().body()).isBetween(200, 202);
        return Objects.requireNonNull(answer.body().get("id")).asString();
    }

    /** Creates a scan that is slow enough for something to happen in the middle. */
    private String createSlow(String instance) {
        return service.bean(Scans.class)
                .create(
                        service.bean(InstanceStore.class)
                                .find(UUID.fromString(instance))
                                .orElseThrow(),
                        ScanType.MANUAL,
                        "the test",
                        null,
                        Duration.ofMinutes(5),
                        8_000L)
                .id()
                .toString();
    }

    private void awaitEnd(String scan) {
        await("the scan has ended").until(() -> !scan(scan).state().active());
    }

    private Scan scan(String id) {
        return service.bean(ScanStore.class).find(UUID.fromString(id)).orElseThrow();
    }
}
