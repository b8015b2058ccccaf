package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.topology.DeploymentUri;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests sweeps of servers in cluster mode: they visit each key, whether the server has one table or a table per slot.
 *
 * <p>The low bits of the cursors show which kind of table a server has.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class SlotSegmentsIT {

    /** The division of 100,000 keys in one table. */
    private static final Segmentation FOUR_PREFIXES = new Prefixes(2);

    /** The division of 100,000 keys in a table for each slot. */
    private static final Segmentation FOUR_SLOT_RANGES = new SlotRuns(2);

    @AutoClose
    private static final SweepEngine engine = LettuceEngine.sweepEngine();

    /** The server of each version. Tests share it, because a primary in cluster mode accepts writes only after 2 s. */
    private static final Map<RedisVersion, RedisServer> servers = new EnumMap<>(RedisVersion.class);

    @AfterAll
    static void closeServers() {
        servers.values().forEach(RedisServer::close);
        servers.clear();
    }

    static Stream<RedisVersion> versions() {
        return Stream.of(RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0, RedisVersion.VALKEY_8, RedisVersion.VALKEY_9);
    }

    /** Returns each version with ACL rules of a user, which decide the reclaim method. */
    static Stream<Arguments> versionsAndPermissions() {
        return versions()
                .flatMap(version -> Stream.of(
                        Arguments.of(version, "+@all"),
                        Arguments.of(version, "+@all -eval"),
                        Arguments.of(version, "-@all +info +select +dbsize +scan")));
    }

    /** Returns each version with two ways to name keys, which differ in the number of slots of the keys. */
    static Stream<Arguments> versionsAndNames() {
        return versions()
                .flatMap(version -> Stream.of(
                        Arguments.of(version, "all slots", UnaryOperator.<String>identity()),
                        Arguments.of(version, "few slots", (UnaryOperator<String>) SlotSegmentsIT::inFewSlots)));
    }

    @ParameterizedTest
    @MethodSource("versionsAndPermissions")
    void sweep_keysInAllSlots_usesSegmentsOfTheServersTables(RedisVersion version, String permissions)
            throws InterruptedException {
        RedisServer server = emptyServer(version);
        try (RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 40_000);
            client.call(("ACL SETUSER sweeper on >secret resetkeys " + permissions).split(" "));
            EventLog log = new EventLog();

            SweepReport report = engine.sweep(
                    SweepRequest.of(DeploymentUri.parse(server.uri(), "sweeper", "secret"), PacePolicy.FULL),
                    new SweepControl(),
                    log);

            assertThat(report.reclaimed()).isEqualTo(40_000);
            assertThat(keys.size(0)).isEqualTo(60_000);
            assertThat(segmentation(log)).isEqualTo(hasTablePerSlot(version) ? FOUR_SLOT_RANGES : FOUR_PREFIXES);
            // Only the few keys at the ends of segments, which are the parts of the key space, are visited twice.
            if (!report.profile().method().contains("names")) {
                assertThat(report.visited()).isBetween(100_000L, 110_000L);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void sweep_fewKeys_usesOneSegment(RedisVersion version) throws InterruptedException {
        RedisServer server = emptyServer(version);
        try (RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 10_000, /* dead= */ 10_000);
            EventLog log = new EventLog();
            SweepReport report =
                    engine.sweep(request(server, PacePolicy.FULL, /* resumeFrom= */ null), new SweepControl(), log);

            assertThat(report.reclaimed()).isEqualTo(10_000);
            assertThat(keys.size(0)).isEqualTo(10_000);
            assertThat(segmentation(log)).isEqualTo(new Sequential());
        }
    }

    /** The cursors of a large table that is nearly empty now look most like cursors of a table per slot. */
    @Test
    void sweep_nearlyEmptyTable_isNotMistakenForSlots() throws InterruptedException {
        try (RedisServer server = RedisServer.startWithAllSlots(RedisVersion.REDIS_7_0, "--activerehashing", "no");
                RespClient client = server.client();
                KeyWriter filler = new KeyWriter(server, 40_000, UnaryOperator.identity())) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 20_000);
            for (int call = 1; call <= 20; call++) {
                filler.writeSome(call);
            }
            EventLog log = new EventLog();
            SweepReport report =
                    engine.sweep(request(server, PacePolicy.FULL, /* resumeFrom= */ null), new SweepControl(), log);

            assertThat(segmentation(log)).isInstanceOf(Prefixes.class);
            assertThat(report.reclaimed()).isEqualTo(20_000);
            assertThat(keys.size(0)).isEqualTo(20_000);
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndNames")
    void sweep_tablesResizedTenfold_missesNoPlantedKey(
            RedisVersion version, String slotsOfKeys, UnaryOperator<String> naming) throws InterruptedException {
        RedisServer server = emptyServer(version);
        try (RespClient client = server.client();
                KeyWriter writer = new KeyWriter(server, 36_000, naming)) {
            KeySpace keys =
                    KeySpace.withExpiryOff(client, naming).plant(/* db= */ 0, /* live= */ 15_000, /* dead= */ 25_000);
            EventLog log = new EventLog(writer::writeSome);
            SweepReport report =
                    engine.sweep(request(server, PacePolicy.GENTLE, /* resumeFrom= */ null), new SweepControl(), log);

            assertThat(log.checkpoints()).isGreaterThan(20);
            assertThat(report.reclaimed())
                    .as("the count with keys in " + slotsOfKeys)
                    .isEqualTo(25_000);
            assertThat(keys.size(0)).isEqualTo(15_000 + writer.keysLeft());
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndNames")
    void sweep_cancelledAndResumedRepeatedly_countsEveryKeyOnce(
            RedisVersion version, String slotsOfKeys, UnaryOperator<String> naming) throws InterruptedException {
        RedisServer server = emptyServer(version);
        try (RespClient client = server.client()) {
            KeySpace keys =
                    KeySpace.withExpiryOff(client, naming).plant(/* db= */ 0, /* live= */ 60_000, /* dead= */ 40_000);
            // Each run is cancelled at its second checkpoint, until one completes before.
            Checkpoint lastCheckpoint = null;
            SweepReport report;
            int runs = 0;
            do {
                SweepControl control = new SweepControl();
                EventLog log = new EventLog(number -> {
                    if (number == 2) {
                        control.cancel();
                    }
                });
                report = engine.sweep(request(server, PacePolicy.FULL, lastCheckpoint), control, log);
                lastCheckpoint = log.lastCheckpoint();
                runs++;
            } while (report.ending() != Ending.COMPLETED);

            assertThat(runs)
                    .as("the number of runs with keys in " + slotsOfKeys)
                    .isGreaterThan(2);
            assertThat(report.reclaimed()).isEqualTo(40_000);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(60_000);
        }
    }

    @Test
    void sweep_clusterWithSeveralDatabases_sweepsAllOfThem() throws InterruptedException {
        try (RedisServer server = RedisServer.startWithAllSlots(RedisVersion.VALKEY_9, "--cluster-databases", "16");
                RespClient client = server.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 10, /* dead= */ 500)
                    .plant(/* db= */ 3, /* live= */ 60_000, /* dead= */ 40_000);
            EventLog log = new EventLog();
            SweepReport report =
                    engine.sweep(request(server, PacePolicy.FULL, /* resumeFrom= */ null), new SweepControl(), log);

            assertThat(report.databases())
                    .extracting(DatabaseCount::db, DatabaseCount::reclaimed)
                    .containsExactly(tuple(0, 500L), tuple(3, 40_000L));
            assertThat(List.of(keys.size(0), keys.size(3))).containsExactly(10L, 60_000L);
            assertThat(log.lastCheckpoint().databases().get(1).segmentation()).isEqualTo(FOUR_SLOT_RANGES);
        }
    }

    /** Returns the server of a version as it was at its start: without keys and without users of a test. */
    private static RedisServer emptyServer(RedisVersion version) {
        RedisServer server = servers.computeIfAbsent(version, RedisServer::startWithAllSlots);
        try (RespClient client = server.client()) {
            client.call("FLUSHALL");
            client.call("ACL", "DELUSER", "sweeper");
            client.call("SCRIPT", "FLUSH");
            client.call("CONFIG", "RESETSTAT");
        }
        return server;
    }

    private static boolean hasTablePerSlot(RedisVersion version) {
        return version != RedisVersion.REDIS_7_0;
    }

    /** Adds one of seven hash tags to the name of a key. */
    private static String inFewSlots(String name) {
        return "{" + Math.floorMod(name.hashCode(), 7) + "}" + name;
    }

    /** Returns how the sweep has divided the first database. */
    private static Segmentation segmentation(EventLog log) {
        return log.lastCheckpoint().databases().getFirst().segmentation();
    }

    private static SweepRequest request(RedisServer server, PacePolicy pace, @Nullable Checkpoint resumeFrom) {
        return SweepRequest.of(DeploymentUri.parse(server.uri()), pace)
                .resumingFrom(resumeFrom)
                .withCheckpointEvery(Duration.ofMillis(10));
    }
}
