package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.keysweep.engine.doctor.Diagnosis;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.DatabaseCoverage;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespProxy;
import io.keysweep.testkit.ShardedCommands;
import io.keysweep.testkit.ShardedCommands.CursorEncoding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests sweeps through proxies that spread the keys over three servers. */
final class ProxySweepIT {

    private static final int LIVE = 1_500;
    private static final int DEAD = 700;

    @AutoClose
    private static final RedisServer firstServer = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final RedisServer secondServer = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final RedisServer thirdServer = RedisServer.start(RedisVersion.REDIS_7_0);

    @AutoClose
    private static final RedisServer clusterNode = RedisServer.startWithAllSlots(RedisVersion.REDIS_8_0);

    @AutoClose
    private static final RedisServer otherClusterNode = RedisServer.startWithAllSlots(RedisVersion.REDIS_8_0);

    private static final List<RedisServer> servers = List.of(firstServer, secondServer, thirdServer);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    @AutoClose
    private static final Doctor doctor = LettuceEngine.doctor();

    @AutoClose
    private static final BacklogEstimator estimator = LettuceEngine.estimator();

    @BeforeEach
    void plant() {
        for (RedisServer server : servers) {
            try (RespClient client = server.client()) {
                client.call("FLUSHALL");
                KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            }
        }
    }

    /**
     * Tests one proxy per row. It writes the number of a server into the high or the low bits of its cursors, and
     * refuses the commands of the second column.
     */
    @ParameterizedTest
    @CsvSource({
        "HIGH_BITS, ''",
        "LOW_BITS, ''",
        "HIGH_BITS, EVAL",
        "LOW_BITS, EVAL",
        "HIGH_BITS, EVAL MULTI",
        "LOW_BITS, EVAL MULTI",
        "HIGH_BITS, SELECT",
        "LOW_BITS, CONFIG TIME"
    })
    void sweep_shardingProxy_coversAllServersAndEstimatesTheCount(CursorEncoding encoding, String refused)
            throws InterruptedException {
        try (RespProxy proxy = sharding(encoding, Set.of(refused.split(" ", -1)))) {
            SweepReport report = sweep(proxy);

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.exact()).isFalse();
            assertThat(report.reclaimed()).isEqualTo(3 * DEAD);
            assertThat(report.visited()).isBetween(3L * (LIVE + DEAD), 4L * (LIVE + DEAD));
            assertThat(report.profile().method()).isEqualTo("pipeline");
            // The three servers have 6,600 keys: 3 × (LIVE + DEAD).
            assertThat(report.profile().methodReason()).contains("several servers", "DBSIZE counts 6,600 keys");
            assertThat(servers).allMatch(server -> dbsize(server) == LIVE);
        }
    }

    @ParameterizedTest
    @CsvSource({"HIGH_BITS, ''", "LOW_BITS, ''", "HIGH_BITS, EVAL MULTI", "LOW_BITS, EVAL MULTI"})
    void sweep_dbsizeOfOneServer_coversAllServers(CursorEncoding encoding, String refused) throws InterruptedException {
        Set<String> commands = Set.of(refused.split(" ", -1));
        try (RespProxy proxy = RespProxy.inFrontOf(
                servers, number -> new ShardedCommands(encoding, commands, /* sizeOfAll= */ false))) {
            SweepReport report = sweep(proxy);

            assertThat(report.exact()).isFalse();
            assertThat(report.profile().methodReason()).contains("SCAN does not", "the count may be too low");
            assertThat(servers).allMatch(server -> dbsize(server) == LIVE);
        }
    }

    @Test
    void sweep_firstServerEmpty_coversTheOthers() throws InterruptedException {
        try (RespClient client = firstServer.client();
                RespProxy proxy = sharding(CursorEncoding.HIGH_BITS, Set.of())) {
            client.call("FLUSHALL");

            SweepReport report = sweep(proxy);

            assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
            assertThat(report.exact()).isFalse();
        }
    }

    /**
     * A database is swept even if the first server has no keys in it. INFO comes from that server, and does not name
     * the database.
     */
    @Test
    void sweep_databaseThatFirstServerLacks_isAlsoCovered() throws InterruptedException {
        try (RespClient client = secondServer.client();
                RespProxy proxy = sharding(CursorEncoding.HIGH_BITS, Set.of())) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 5, /* live= */ 0, /* dead= */ 300);

            SweepReport report = sweep(proxy);

            assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
            assertThat(report.reclaimed()).isEqualTo(3 * DEAD + 300);
            assertThat(client.callLong("DBSIZE")).isZero();
            assertThat(report.memory().oneOfSeveral()).isTrue();
            assertThat(report.memory().flow()).isNull();
        }
    }

    /**
     * The sweep does not rely on INFO, which comes from the first server and says nothing about the keys of the others.
     */
    @Test
    void sweep_firstServerWithoutTtl_coversTheOthers() throws InterruptedException {
        try (RespClient client = firstServer.client();
                RespProxy proxy = sharding(CursorEncoding.HIGH_BITS, Set.of())) {
            client.call("FLUSHALL");
            KeySpace.withExpiryOff(client).plantWithoutTtl(/* db= */ 0, LIVE);

            SweepReport report = sweep(proxy);

            assertThat(report.reclaimed()).isEqualTo(2 * DEAD);
            assertThat(report.coverage()).isEqualTo(Map.of(0, DatabaseCoverage.VISITED));
        }
    }

    @Test
    void sweep_twoDatabases_coversBothOnAllServers() throws InterruptedException {
        for (RedisServer server : servers) {
            try (RespClient client = server.client()) {
                KeySpace.withExpiryOff(client).plant(/* db= */ 5, /* live= */ 10, /* dead= */ 20);
            }
        }
        try (RespProxy proxy = sharding(CursorEncoding.LOW_BITS, Set.of())) {
            assertThat(sweep(proxy).databases())
                    .extracting(SweepReport.DatabaseCount::db, SweepReport.DatabaseCount::reclaimed)
                    .containsExactly(tuple(0, 3L * DEAD), tuple(5, 60L));
        }
    }

    /** The servers behind the proxy keep a table for each slot. */
    @ParameterizedTest
    @CsvSource({"HIGH_BITS, true", "LOW_BITS, true", "HIGH_BITS, false", "LOW_BITS, false"})
    void sweep_shardingProxyOverClusterNodes_coversAllServers(CursorEncoding encoding, boolean sizeOfAll)
            throws InterruptedException {
        try (RespClient clusterClient = clusterNode.client();
                RespClient otherClusterClient = otherClusterNode.client();
                RespProxy proxy = RespProxy.inFrontOf(
                        List.of(clusterNode, otherClusterNode, firstServer),
                        number -> new ShardedCommands(encoding, Set.of(), sizeOfAll))) {
            clusterClient.call("FLUSHALL");
            otherClusterClient.call("FLUSHALL");
            KeySpace.withExpiryOff(clusterClient).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);
            KeySpace.withExpiryOff(otherClusterClient).plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200);

            assertThat(sweep(proxy).exact()).isFalse();

            assertThat(dbsize(clusterNode)).isEqualTo(300);
            assertThat(dbsize(otherClusterNode)).isEqualTo(300);
            assertThat(dbsize(firstServer)).isEqualTo(LIVE);
        }
    }

    @ParameterizedTest
    @CsvSource({"INFO", "DBSIZE", "SCAN"})
    void sweep_proxyWithoutNeededCommand_isRefusedWithItsName(String refused) {
        try (RespProxy proxy = sharding(CursorEncoding.HIGH_BITS, Set.of(refused))) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> sweep(proxy))
                    .withMessageContaining(refused);
        }
    }

    @Test
    void sweep_namesMustStay_isRefusedThroughAProxy() {
        try (RespProxy proxy = sharding(CursorEncoding.HIGH_BITS, Set.of())) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(
                            SweepRequest.of(deployment(proxy), PacePolicy.FULL).withNamesStaying(true),
                            new SweepControl(),
                            new EventLog()))
                    .withMessageContaining("several servers");
        }
    }

    /** The proxy sums DBSIZE over all servers, but sends every SCAN to the first server. */
    @Test
    void sweep_scanOfOneServerOnly_failsWithItsCounts() {
        EventLog log = new EventLog();
        try (RespProxy proxy = RespProxy.inFrontOf(servers, number -> (command, clients) -> {
            String[] words = command.toArray(String[]::new);
            return words[0].equals("DBSIZE")
                    ? (Object) clients.stream()
                            .mapToLong(client -> client.callLong(words))
                            .sum()
                    : clients.getFirst().call(words);
        })) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> engine.sweep(request(proxy), new SweepControl(), log))
                    .matches(e -> e.reason() == Reason.NOT_COVERABLE)
                    .withMessageContaining("does not let a sweep visit every key");
        }

        assertThat(log.events().getLast()).isInstanceOfSatisfying(SweepEvent.Failed.class, failed -> {
            assertThat(failed.report().ending()).isEqualTo(Ending.FAILED);
            assertThat(failed.report().reclaimed()).isEqualTo(DEAD);
        });
    }

    @ParameterizedTest
    @EnumSource
    void doctorAndEstimate_shardingProxy_sayWhatTheyFound(CursorEncoding encoding) {
        try (RespProxy proxy = sharding(encoding, Set.of())) {
            Diagnosis diagnosis = doctor.examine(deployment(proxy), /* purging= */ false)
                    .diagnoses()
                    .getFirst();
            assertThat(diagnosis.findings()).extracting(Finding::id).contains("sharding-proxy");
            assertThat(diagnosis.method()).isEqualTo("pipeline");
            assertThat(diagnosis.keys()).isEqualTo(3 * (LIVE + DEAD));

            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> estimator.estimate(
                            new EstimateRequest(deployment(proxy), /* exact= */ false, /* samplePrimary= */ true)))
                    .withMessageContaining("proxy over several servers");
        }
    }

    /** Starts a proxy that spreads the keys over the three servers, and refuses some commands. */
    private static RespProxy sharding(CursorEncoding encoding, Set<String> refused) {
        return RespProxy.inFrontOf(servers, number -> new ShardedCommands(encoding, refused));
    }

    private static SweepReport sweep(RespProxy proxy) throws InterruptedException {
        return engine.sweep(request(proxy), new SweepControl(), new EventLog());
    }

    private static SweepRequest request(RespProxy proxy) {
        return SweepRequest.of(deployment(proxy), PacePolicy.FULL);
    }

    private static Deployment deployment(RespProxy proxy) {
        return DeploymentUri.parse(proxy.uri());
    }

    /** Returns the number of keys in database 0 of a server. */
    private static long dbsize(RedisServer server) {
        try (RespClient client = server.client()) {
            return (Long) Objects.requireNonNull(client.call("DBSIZE"));
        }
    }
}
