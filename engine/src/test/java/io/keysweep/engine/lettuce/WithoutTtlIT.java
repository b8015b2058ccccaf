package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keysweep.engine.deployment.DeploymentListener;
import io.keysweep.engine.deployment.DeploymentReport;
import io.keysweep.engine.deployment.DeploymentRequest;
import io.keysweep.engine.deployment.DeploymentSweep;
import io.keysweep.engine.deployment.SweepRound;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepListener;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.Shard;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.HashSlot;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests sweeps of databases in which the server counts no key with a TTL (INFO {@code expires=0}). */
@Execution(ExecutionMode.CONCURRENT)
final class WithoutTtlIT {

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#all")
    void sweep_someDatabasesWithoutTtl_visitsOnlyTheOthers(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, 5_000)
                    .plant(/* db= */ 3, /* live= */ 2_000, /* dead= */ 500)
                    .plantWithoutTtl(/* db= */ 4, 10)
                    .plantWithoutTtl(/* db= */ 9, 2_000);

            SweepReport report = engine.sweep(request(server), new SweepControl(), new EventLog());

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.databases())
                    .extracting(DatabaseCount::db, DatabaseCount::reclaimed)
                    .containsExactly(tuple(3, 500L));

            // All 2,500 keys of database 3 are visited, and a few of them twice.
            assertThat(report.visited()).isBetween(2_500L, 2_700L);
            assertThat(report.exact()).isTrue();
            assertThat(report.coverage())
                    .isEqualTo(Map.of(
                            0, DatabaseCoverage.NO_TTL,
                            3, DatabaseCoverage.VISITED,
                            4, DatabaseCoverage.NO_TTL,
                            9, DatabaseCoverage.NO_TTL));
            assertThat(keys.size(0)).isEqualTo(5_000);
        }
    }

    /** Another client reads the only dead key of a large database, so the server removes the key. */
    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#all")
    void sweep_lastDeadKeyRemovedByOthers_endsThere(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, 60_000)
                    .plant(/* db= */ 0, /* live= */ 0, /* dead= */ 1);
            SweepRequest request = request(server, PacePolicy.GENTLE.withRateCeiling(10_000));
            SweepReport report = engine.sweep(request, new SweepControl(), event -> {
                // Checkpoints are taken by time, so any number of them may come before the first key.
                if (event instanceof SweepEvent.Checkpointed(Checkpoint checkpoint, var databases)
                        && checkpoint.visited() > 0) {
                    client.call("GET", "dead:60000");
                }
            });

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.NO_TTL));
            assertThat(report.visited()).isPositive().isLessThan(30_000);
            assertThat(report.databases()).singleElement().matches(count -> count.visited() == report.visited());
            assertThat(report.exact()).isTrue();
            assertThat(client.info("expired_keys")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#all")
    void sweep_ttlSetSinceTheInspection_visitsTheDatabase(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plantWithoutTtl(/* db= */ 0, 3_000);

            SweepReport report = engine.sweep(
                    request(server),
                    new SweepControl(),
                    atStart(() -> keys.plant(/* db= */ 0, /* live= */ 1, /* dead= */ 200)));

            assertThat(report.reclaimed()).isEqualTo(200);
            assertThat(report.exact()).isTrue();
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.VISITED));
            assertThat(keys.size(0)).isEqualTo(3_001);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "VALKEY_9"})
    void sweep_swapSinceTheInspection_reclaimsTheKeysThatMovedIn(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, 3_000)
                    .plant(/* db= */ 1, /* live= */ 3_000, /* dead= */ 900);

            SweepReport report =
                    engine.sweep(request(server), new SweepControl(), atStart(() -> client.call("SWAPDB", "0", "1")));

            assertThat(report.reclaimed()).isEqualTo(900);
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.VISITED, 1, DatabaseCoverage.NO_TTL));
            assertThat(keys.size(0)).isEqualTo(3_000);
        }
    }

    /** Only a field of a hash has a TTL. The hash does not expire, and a sweep reclaims no fields. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9"})
    void sweep_onlyFieldsHaveATtl_visitsNothing(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace.withExpiryOff(client).plantWithoutTtl(/* db= */ 0, 1_000);
            client.call("HSET", "hash", "field", "v", "other", "v");
            client.call("HPEXPIRE", "hash", "1", "FIELDS", "1", "field");

            SweepReport report = engine.sweep(request(server), new SweepControl(), new EventLog());

            assertThat(report.visited()).isZero();
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.NO_TTL));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_8_0", "VALKEY_9"})
    void resume_databaseWithoutTtlInTheFirstRun_keepsTheReason(RedisVersion version) throws InterruptedException {
        try (RedisServer server = RedisServer.start(version);
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, 3_000)
                    .plant(/* db= */ 1, /* live= */ 20_000, /* dead= */ 10_000);
            SweepControl control = new SweepControl();
            EventLog log = new EventLog(number -> {
                if (number == 5) {
                    control.cancel();
                }
            });
            // The first run is cancelled. It has not visited database 0, in which no key has a TTL.
            SweepRequest request = request(server, PacePolicy.GENTLE.withRateCeiling(10_000));
            SweepReport firstReport = engine.sweep(request, control, log);
            assertThat(firstReport.ending()).isEqualTo(Ending.CANCELLED);
            assertThat(firstReport.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.NO_TTL));

            // Before the second run, database 0 gets a key with a TTL.
            keys.plant(/* db= */ 0, /* live= */ 1, /* dead= */ 0);
            SweepReport report = engine.sweep(
                    request(server).resumingFrom(log.lastCheckpoint()), new SweepControl(), new EventLog());

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.NO_TTL, 1, DatabaseCoverage.VISITED));
            assertThat(report.reclaimed()).isEqualTo(10_000);
            assertThat(report.exact()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.testkit.RedisVersion#supported")
    void sweep_cluster_visitsOnlyThePrimaryWithTtl(RedisVersion version) throws InterruptedException {
        try (RedisCluster cluster = RedisCluster.start(version, /* primaries= */ 3, /* replicas= */ 0)) {
            // Only the second of three primaries has keys with a TTL.
            ClusterKeys.plantWithoutTtl(cluster, 2_000);
            try (RespClient client = cluster.primaries().get(1).client()) {
                KeySpace.withExpiryOff(client, name -> "{" + tagOfSecondOfThree() + "}more:" + name)
                        .plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 400);
            }

            DeploymentReport report = new DeploymentSweep(engine, Timing.system())
                    .run(
                            DeploymentRequest.of(
                                    SweepRequest.of(ClusterDeployments.deployment(cluster), PacePolicy.GENTLE)),
                            new SweepControl(),
                            new DeploymentListener() {
                                @Override
                                public void onRound(SweepRound round) {}

                                @Override
                                public void onEvent(Shard shard, SweepEvent event) {}
                            });

            assertThat(report.success())
                    .as("the success of the sweep: %s", report)
                    .isTrue();
            assertThat(report.reclaimed()).isEqualTo(400);
            assertThat(report.exact()).isTrue();
            // Only the second primary is visited, which has 3,400 keys.
            assertThat(report.visited()).isBetween(3_400L, 4_200L);
            assertThat(report.reports())
                    .extracting(each -> Objects.requireNonNull(each.coverage().get(0)))
                    .containsExactlyInAnyOrder(
                            DatabaseCoverage.NO_TTL, DatabaseCoverage.VISITED, DatabaseCoverage.NO_TTL);
        }
    }

    /** Returns a hash tag whose slot the second of three primaries serves. */
    private static String tagOfSecondOfThree() {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "t" + number)
                .filter(tag -> HashSlot.of(tag) > HashSlot.COUNT / 3 && HashSlot.of(tag) < HashSlot.COUNT / 2)
                .findFirst()
                .orElseThrow();
    }

    private static SweepRequest request(RedisServer server) {
        return request(server, PacePolicy.GENTLE);
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace).withCheckpointEvery(Duration.ofMillis(10));
    }

    /** Returns a listener that runs an action right after the inspection of the server, before the first step. */
    private static SweepListener atStart(Runnable action) {
        return event -> {
            if (event instanceof SweepEvent.Started) {
                action.run();
            }
        };
    }
}
