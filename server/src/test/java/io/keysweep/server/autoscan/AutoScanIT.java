package io.keysweep.server.autoscan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.cliff.CliffKeys;
import io.keysweep.testkit.FaultProxy;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Tests automatic scans of a real server in real time, by the schedule and by the backlog.
 *
 * <p>The tests share a service, in which each test has its own project.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class AutoScanIT {

    /** A timeout in seconds that no scan reaches, however busy the machine is. */
    private static final int TIMEOUT_SECONDS = 3_600;

    /** The number of keys in a call of SCAN. */
    private static final int SCAN_KEYS_COUNT = 1_000;

    /** The interval of a schedule that starts several scans during a test. */
    private static final int INTERVAL_SECONDS = 2;

    private TestService service;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
    }

    @Test
    void schedule_ofSeconds_startsScansAtItsTimes() {
        assertScansStartAtTheTimesOfTheSchedule(service);
    }

    @Test
    void schedule_onPostgres_startsScansAtItsTimes(SharedServices services) {
        assertScansStartAtTheTimesOfTheSchedule(services.postgres());
    }

    @Test
    void scan_thatReachesItsTimeout_hasFailed_andItsReclaimedKeysAreCounted() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            // A COUNT of 10 allows 2,000 keys per second, so the whole scan would take 20 s, twice its timeout.
            int live = 20_000;
            int dead = 20_000;
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, live, dead);
            AutoScanCalls calls = AutoScanCalls.register(service, redis);
            calls.enable(/* intervalSeconds= */ 0, /* timeoutSeconds= */ 10, /* scanKeysCount= */ 10);

            JsonNode record = calls.awaitRecords(found -> found.get("count").asInt() == 1
                            && found.get("records").get(0).has("finished_at"))
                    .get("records")
                    .get(0);

            assertThat(record.get("status").asString()).isEqualTo("failed");
            assertThat(record.get("num").asLong()).isPositive().isEqualTo(live + dead - keySpace.size(0));
        }
    }

    @Test
    void start_whoseEstimateOnAReplicaIsBelowTheThreshold_isSkipped() {
        int live = 30_000;
        int dead = 300;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", Integer.toString(redis.port()));
                RespClient onPrimary = redis.client();
                RespClient onReplica = replica.client()) {
            KeySpace keySpace = KeySpace.withExpiryOff(onPrimary).plant(/* db= */ 0, live, dead);
            Replication.awaitSynchronised(onPrimary, onReplica);
            AutoScanCalls calls = AutoScanCalls.register(service, redis);

            // The dead keys occupy far less than 50 MiB.
            calls.setStartPolicy("{\"deadMegabytes\":50}");
            calls.enable(INTERVAL_SECONDS, TIMEOUT_SECONDS, SCAN_KEYS_COUNT);
            JsonNode skipped = calls.awaitStarts(found -> found.size() >= 1).get(0);

            assertThat(skipped.get("outcome").asString()).isEqualTo("skipped");
            assertThat(skipped.get("reason").asString())
                    .startsWith("below the threshold: ")
                    .contains("(threshold 50.0 MiB)", "estimated on 127.0.0.1:" + replica.port());
            assertThat(keySpace.size(0)).isEqualTo(live + dead);

            // The dead keys reach the second threshold, so the next scan starts. Later starts are skipped, because no
            // dead key is left.
            String deliveries = calls.createWebhook();
            calls.setStartPolicy("{\"deadMegabytes\":50,\"deadPercent\":0.1}");
            calls.awaitStarts(found -> found.valueStream()
                    .anyMatch(start -> start.get("outcome").asString().equals("started")));
            calls.disable();
            calls.awaitRecords(found -> found.get("total").asInt() == dead
                    && found.get("records").get(0).has("finished_at"));
            assertThat(keySpace.size(0)).isEqualTo(live);

            // The webhook tells that the threshold was passed.
            JsonNode notices = calls.call("GET", deliveries, "").body();
            assertThat(notices.get(0).get("body").asString())
                    .contains("\"cause\":\"schedule\"", "\"outcome\":\"started\"", "(threshold 0.1 %)", "\"scanId\"");
        }
    }

    @Test
    void start_whoseEstimateShowsACliff_announcesTheCliffOnce() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", Integer.toString(redis.port()));
                RespClient onPrimary = redis.client();
                RespClient onReplica = replica.client()) {
            CliffKeys.plant(onPrimary);
            Replication.awaitSynchronised(onPrimary, onReplica);
            AutoScanCalls calls = AutoScanCalls.register(service, redis);
            String deliveries = calls.createWebhook("cliff.ahead");

            // A cliff is a time at which far more keys die than before and after it. Two starts estimate the keys.
            calls.setStartPolicy("{\"deadMegabytes\":50}");
            calls.enable(INTERVAL_SECONDS, TIMEOUT_SECONDS, SCAN_KEYS_COUNT);
            calls.awaitStarts(found -> found.size() >= 2);
            calls.disable();

            JsonNode notices = calls.call("GET", deliveries, "").body();
            assertThat(notices.size())
                    .as("the second estimate shows the same cliff")
                    .isEqualTo(1);
            assertThat(notices.get(0).get("body").asString()).contains("\"cliff.ahead\"", "\"proposedStart\"");
        }
    }

    @Test
    void start_withAThresholdButWithoutAReplica_doesNotSampleThePrimary() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 10);
            AutoScanCalls calls = AutoScanCalls.register(service, redis);
            calls.call("PUT", "/api/v1/projects/" + calls.key().projectId() + "/start-policy", "{\"deadPercent\":99}");
            calls.enable(/* intervalSeconds= */ 0, TIMEOUT_SECONDS, SCAN_KEYS_COUNT);
            JsonNode start = calls.awaitStarts(found -> found.size() == 1).get(0);

            assertThat(start.get("outcome").asString()).isEqualTo("started");
            assertThat(start.get("reason").asString()).contains("could not be estimated", "without a replica");
        }
    }

    @Test
    void scan_ofAServerThatIsDown_triesAgainUntilTheServerIsUp() {
        // The server gets its keys before it becomes reachable. The scan might end before keys that are planted later.
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                FaultProxy proxy = FaultProxy.inFrontOf(redis.port())) {
            KeySpace keySpace =
                    KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            AutoScanCalls calls = AutoScanCalls.register(service, proxy.uri());

            // While the server is not reachable, the scan waits.
            proxy.refuse();
            proxy.cut();
            calls.enable(/* intervalSeconds= */ 0, TIMEOUT_SECONDS, SCAN_KEYS_COUNT);
            String scanId = calls.awaitStarts(found -> found.size() == 1)
                    .get(0)
                    .get("scanId")
                    .asString();
            JsonNode waiting = await("the scan waits")
                    .until(
                            () -> calls.call("GET", "/api/v1/scans/" + scanId, "")
                                    .body(),
                            scan -> scan.has("hold"));
            assertThat(waiting.get("hold").asString())
                    .startsWith("tries again later: 127.0.0.1:" + proxy.port() + " accepts no connection");
            assertThat(waiting.get("status").asString()).isEqualTo("running");

            // Once it is reachable, the scan sweeps it.
            proxy.admit();
            JsonNode record = calls.awaitRecords(
                            found -> found.get("records").get(0).has("finished_at"))
                    .get("records")
                    .get(0);
            assertThat(record.get("status").asString()).isEqualTo("success");
            assertThat(record.get("num").asLong()).isEqualTo(1_000);
            assertThat(keySpace.size(0)).isEqualTo(2_000);
        }
    }

    @Test
    void scan_ofAServerThatIsDownUntilTheTimeout_endsAsExpired() {
        assertEndsAsExpired("redis://127.0.0.1:", "it had waited for its server since 20");
    }

    @Test
    void scan_ofAClusterThatIsDownUntilTheTimeout_endsAsExpired() {
        assertEndsAsExpired("redis-cluster://127.0.0.1:", "it had waited for its cluster since 20");
    }

    /** Checks that a schedule with an interval of {@link #INTERVAL_SECONDS} starts scans at its times. */
    private static void assertScansStartAtTheTimesOfTheSchedule(TestService tested) {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace =
                    KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            AutoScanCalls calls = AutoScanCalls.register(tested, redis);

            // The schedule is disabled after three starts.
            Instant first = calls.enable(INTERVAL_SECONDS, TIMEOUT_SECONDS, SCAN_KEYS_COUNT);
            JsonNode starts = calls.awaitStarts(found -> found.size() >= 3);
            calls.disable();

            // Each start is due a whole number of intervals after the first, and none is due twice.
            List<Instant> due = new ArrayList<>();
            for (JsonNode start : starts) {
                Instant dueAt = Instant.parse(start.get("dueAt").asString());
                due.add(dueAt);
                assertThat(start.get("cause").asString()).isEqualTo("schedule");
                assertThat(Duration.between(first, dueAt).toMillis() % (1_000 * INTERVAL_SECONDS))
                        .isZero();
                assertThat(Instant.parse(start.get("decidedAt").asString())).isAfterOrEqualTo(dueAt);
            }
            assertThat(due).doesNotHaveDuplicates().isSortedAccordingTo((left, right) -> right.compareTo(left));

            // The scans reclaim all dead keys.
            JsonNode records =
                    calls.awaitRecords(found -> found.get("records").get(0).has("finished_at"));
            assertThat(records.get("total").asInt()).isEqualTo(1_000);
            for (JsonNode record : records.get("records")) {
                assertThat(record.get("scan_type").asString()).isEqualTo("auto");
                assertThat(record.get("status").asString()).isEqualTo("success");
            }
            assertThat(keySpace.size(0)).isEqualTo(2_000);
        }
    }

    /**
     * Checks that a scan of a server that stays down ends at its timeout. The last try is at the timeout, because the
     * next regular try would be after it.
     */
    private void assertEndsAsExpired(String uri, String reason) {
        // The proxy refuses all connections, so the port behind it is never used.
        try (FaultProxy proxy = FaultProxy.inFrontOf(/* target= */ 1)) {
            AutoScanCalls calls = AutoScanCalls.register(service, uri + proxy.port());
            proxy.refuse();
            calls.enable(/* intervalSeconds= */ 0, /* timeoutSeconds= */ 7, SCAN_KEYS_COUNT);
            String scanId = calls.awaitStarts(found -> found.size() == 1)
                    .get(0)
                    .get("scanId")
                    .asString();
            String path = "/api/v1/scans/" + scanId;
            JsonNode endedScan = await("the scan ends")
                    .until(() -> calls.call("GET", path, "").body(), scan -> scan.has("finishedAt"));

            assertThat(endedScan.get("ending").asString()).isEqualTo("expired");
            assertThat(endedScan.get("failure").asString())
                    .startsWith("Timed out after 7 s; " + reason)
                    .contains("127.0.0.1:" + proxy.port());
            assertThat(calls.call("GET", path + "/timeline", "")
                            .body()
                            .get("events")
                            .findValuesAsString("type"))
                    .containsSubsequence("started", "expired", "ended");
        }
    }
}
