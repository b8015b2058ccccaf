package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.DatabaseView;
import io.keysweep.api.MemoryView;
import io.keysweep.api.ScanView;
import io.keysweep.api.SweepView;
import io.keysweep.api.TimelineEventView;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.HashSlot;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisSentinel;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests scans of clusters and of a Sentinel deployment. Each test has its own project in a shared service. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class ClusterScanIT {

    private static final int PRIMARIES = 3;

    /** The number of live keys on each primary. */
    private static final int LIVE = 1_000;

    /** The number of dead keys on each primary. */
    private static final int DEAD = 20_000;

    private TestService service;
    private ClusterScans scans;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
    }

    @BeforeEach
    void createProject() {
        scans = new ClusterScans(service, service.project("project-" + UUID.randomUUID()));
    }

    static Stream<RedisVersion> versions() {
        return Boolean.getBoolean("keysweep.full")
                ? Stream.of(RedisVersion.REDIS_7_0, RedisVersion.VALKEY_9)
                : Stream.of(RedisVersion.REDIS_7_0);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void scan_ofAClusterWithAFailoverInTheMiddle_succeedsAndCountsExactly(RedisVersion version) {
        try (RedisCluster cluster = RedisCluster.start(version, PRIMARIES, /* replicas= */ 3)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer seed = cluster.nodes().getFirst();
            String instance = service.register(scans.caller(), "cluster", "redis-cluster://127.0.0.1:" + seed.port());

            // The scan runs slowly, until the sweep of a primary has begun.
            String scan = scans.createSlow(instance, /* keysPerSecond= */ 100);
            scans.await(scan, begun -> begun.reclaimed() > 0);
            SweepRecord running = scans.begunSweep(scan);
            RedisServer swept = cluster.nodes().stream()
                    .filter(node -> address(node).equals(running.nodeId()))
                    .findFirst()
                    .orElseThrow();

            // The replica of a primary that is being swept takes over.
            RedisServer replica = cluster.replicasOf(swept).getFirst();
            String successor = address(replica);
            cluster.failover(replica);
            scans.setFullPace(scan);
            scans.awaitEnd(scan);

            // All dead keys are reclaimed and counted once.
            Scan finishedScan = scans.scan(scan);
            assertThat(finishedScan.failure()).isNull();
            assertThat(finishedScan.state()).isEqualTo(ScanState.SUCCESS);
            assertThat(finishedScan.reclaimed()).isEqualTo(PRIMARIES * DEAD);
            assertThat(finishedScan.exact()).isTrue();
            assertThat(finishedScan.fraction()).isEqualTo(1);
            assertThat(ClusterKeys.count(cluster)).isEqualTo(PRIMARIES * LIVE);

            // The number of keys is the sum over the shards. The memory is missing, because another process would have
            // reported it.
            ScanView view = scans.view(scan);
            assertThat(view.memory().keysBefore()).isEqualTo(PRIMARIES * (LIVE + DEAD));
            assertThat(view.memory().keysAfter()).isEqualTo(PRIMARIES * LIVE);
            assertThat(view.usedMemoryBefore()).isPositive();
            assertThat(view.usedMemoryAfter()).isNull();
            assertThat(view.memory().rssAfter()).isNull();
            assertThat(view.memory().note())
                    .contains(running.nodeId() + " is no longer a primary", successor + " has become a primary");

            // The sweep that has moved names its present primary, and the timeline has the failover.
            SweepView moved = view.sweeps().stream()
                    .filter(sweep -> sweep.nodeId().equals(running.nodeId()))
                    .findFirst()
                    .orElseThrow();
            assertThat(moved.primary()).isEqualTo(successor);
            assertThat(moved.usedMemoryAfter()).isNull();
            assertThat(scans.events(scan))
                    .filteredOn(event -> event.type().equals("failed-over"))
                    .extracting(TimelineEventView::detail)
                    .contains("from " + running.nodeId() + " to " + successor);

            // The DCS API shows the instance as a cluster.
            Answer shown = service.call(
                    scans.caller(), "GET", "/v2/" + scans.caller().projectId() + "/instances/" + instance, "");
            assertThat(shown.body().path("cache_mode").asString()).isEqualTo("cluster");
            assertThat(shown.body().path("sharding_count").asInt()).isEqualTo(PRIMARIES);
        }
    }

    @Test
    void scan_whileSlotsMove_sweepsThemOnTheirNewPrimary() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_8_0, PRIMARIES, /* replicas= */ 0)) {
            ClusterKeys.plant(cluster, LIVE, DEAD);
            RedisServer first = cluster.nodes().getFirst();
            RedisServer last = cluster.nodes().getLast();
            String instance = service.register(scans.caller(), "cluster", "redis-cluster://127.0.0.1:" + first.port());
            String scan = scans.createSlow(instance, /* keysPerSecond= */ 100);
            scans.await(scan, begun -> begun.reclaimed() > 0);

            // A slot of a primary whose sweep has begun moves to another primary.
            // Slots of the first primary have the index 0 in slotsWithKeys, slots of the last primary the index 2.
            boolean firstRuns = scans.begunSweep(scan).nodeId().endsWith(":" + first.port());
            RedisServer from = firstRuns ? first : last;
            RedisServer to = firstRuns ? last : first;
            int slot = slotsWithKeys(firstRuns ? 0 : 2).getFirst();
            cluster.moveSlots(from, to, slot, slot);
            scans.setRate(scan, /* keysPerSecond= */ 8_000);
            scans.awaitEnd(scan);

            // A second round sweeps the slot on its new primary.
            Scan finishedScan = scans.scan(scan);
            assertThat(finishedScan.failure()).isNull();
            assertThat(finishedScan.state()).isEqualTo(ScanState.SUCCESS);
            assertThat(finishedScan.sweeps()).extracting(SweepRecord::round).contains(1, 2);
            assertThat(ClusterKeys.count(cluster)).isEqualTo(PRIMARIES * LIVE);

            // The totals include a primary with two sweeps once, and a key that has moved once.
            ScanView view = scans.view(scan);
            MemoryView memory = view.memory();
            assertThat(memory.keysBefore()).isEqualTo(PRIMARIES * (LIVE + DEAD));
            assertThat(memory.keysAfter()).isEqualTo(PRIMARIES * LIVE);
            assertThat(memory.expiresBefore()).isEqualTo(PRIMARIES * (DEAD + 1));
            assertThat(memory.note()).isNull();
            assertThat(view.usedMemoryBefore()).isGreaterThan(Objects.requireNonNull(view.usedMemoryAfter()));

            // The servers remove the expired keys that a move of slots touches, and the scan removes all others.
            assertThat(Objects.requireNonNull(memory.inflow())).isZero();
            assertThat(finishedScan.reclaimed() + Objects.requireNonNull(memory.expiredElsewhere()))
                    .isEqualTo(PRIMARIES * DEAD);

            // Database 0 has the same counts as the scan.
            DatabaseView database0 = view.databases().getFirst();
            assertThat(database0.keysBefore()).isEqualTo(PRIMARIES * (LIVE + DEAD));
            assertThat(database0.reclaimed()).isEqualTo(finishedScan.reclaimed());
            assertThat(database0.visited()).isEqualTo(finishedScan.visited());
            assertThat(scans.events(scan))
                    .filteredOn(event -> event.type().equals("round"))
                    .extracting(event -> String.valueOf(event.detail()).substring(0, 7))
                    .startsWith("round 1", "round 2");
        }
    }

    @Test
    void scan_whileANodeJoinsAndAnotherLeaves_countsEveryKeyOnce() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.VALKEY_8, PRIMARIES, /* replicas= */ 0)) {
            RedisServer first = cluster.nodes().getFirst();
            ClusterKeys.plant(cluster, LIVE, DEAD);

            // Before the scan, a fourth node serves one slot.
            RedisServer leaving = cluster.addNode();
            int leavingSlot = slotsWithKeys(0).getFirst();
            int joiningSlot = slotsWithKeys(0).getLast();
            cluster.moveSlots(first, leaving, leavingSlot, leavingSlot);
            long keysBefore = ClusterKeys.count(cluster);
            String instance = service.register(scans.caller(), "cluster", "redis-cluster://127.0.0.1:" + first.port());
            String scan = scans.createSlow(instance, /* keysPerSecond= */ 100);
            scans.await(scan, begun -> begun.visited() > 0);

            // A node joins and gets a slot. Another one loses its slot and leaves.
            RedisServer joining = cluster.addNode();
            cluster.moveSlots(first, joining, joiningSlot, joiningSlot);
            cluster.moveSlots(leaving, first, leavingSlot, leavingSlot);
            cluster.remove(leaving);
            scans.setFullPace(scan);
            scans.awaitEnd(scan);

            // The number of keys is known. The memory is not, because other processes have reported it.
            ScanView view = scans.view(scan);
            assertThat(view.failure()).isNull();
            assertThat(view.memory().keysBefore()).isEqualTo(keysBefore);
            assertThat(view.memory().keysAfter()).isEqualTo(ClusterKeys.count(cluster));
            assertThat(view.usedMemoryAfter()).isNull();
            assertThat(view.memory().inflow()).isNull();
            assertThat(view.memory().note())
                    .contains(address(leaving) + " is no longer a primary", address(joining) + " has become a primary");
        }
    }

    @Test
    void scan_withAnUnassignedSlot_failsAndNamesIt() {
        try (RedisCluster cluster = RedisCluster.start(RedisVersion.REDIS_7_0, PRIMARIES, /* replicas= */ 0)) {
            RedisServer first = cluster.nodes().getFirst();
            try (RespClient client = first.client()) {
                client.call("CLUSTER", "DELSLOTS", "7");
            }
            String instance = service.register(scans.caller(), "cluster", "redis-cluster://127.0.0.1:" + first.port());

            String scan = scans.create(instance);
            scans.awaitEnd(scan);

            assertThat(scans.scan(scan).state()).isEqualTo(ScanState.FAILED);
            assertThat(scans.scan(scan).failure()).startsWith("Slots 7 are served by no primary");
        }
    }

    @Test
    void scan_ofASentinelDeployment_sweepsItsPrimary() {
        try (RedisSentinel sentinel = RedisSentinel.start(RedisVersion.VALKEY_8, /* replicas= */ 1, "hush");
                RespClient client = sentinel.primary().client()) {
            KeySpace keySpace = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);

            // The instance has the addresses of the sentinels, which need a password.
            String sentinels = sentinel.sentinels().stream()
                    .map(server -> "127.0.0.1:" + server.port())
                    .collect(Collectors.joining(","));
            String instance = service.register(
                    scans.caller(),
                    JsonMapper.builder()
                            .build()
                            .createObjectNode()
                            .put("name", "sentinel")
                            .put("uri", "redis-sentinel://" + sentinels + "#" + RedisSentinel.NAME)
                            .put("sentinelPassword", "hush"));

            String scan = scans.create(instance);
            scans.awaitEnd(scan);

            assertThat(scans.scan(scan).failure()).isNull();
            assertThat(scans.scan(scan).reclaimed()).isEqualTo(DEAD);
            assertThat(keySpace.size(0)).isEqualTo(LIVE);
            assertThat(scans.view(scan).sweeps().getFirst().primary()).isEqualTo(address(sentinel.primary()));
        }
    }

    /** Returns two slots in which {@link ClusterKeys#plant} creates keys on one of three primaries. */
    private static List<Integer> slotsWithKeys(int primary) {
        return IntStream.range(0, 1_000)
                .map(number -> HashSlot.of("t" + number))
                .filter(slot -> slot * PRIMARIES / HashSlot.COUNT == primary)
                .distinct()
                .limit(2)
                .boxed()
                .toList();
    }

    private static String address(RedisServer server) {
        return "127.0.0.1:" + server.port();
    }
}
