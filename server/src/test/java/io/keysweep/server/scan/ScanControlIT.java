package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests pause, resume, cancel, changes of pace and holds of scans, and that each key is counted once. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ScanControlIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /** A field of JSON with a pace so slow that a scan does not end before the test has controlled it. */
    private static final String SLOW_PACE_FIELD = "\"rateCeiling\":50";

    private static final String FAST_PACE = "{\"profile\":\"full\",\"rateCeiling\":null,\"reason\":\"time is short\"}";

    @TempDir
    static Path homes;

    /** The service of each database. Tests that restart a service start one of their own. */
    private static final Map<String, TestService> SERVICES = new HashMap<>();

    @TempDir
    private Path home;

    @AfterAll
    static void stop() {
        SERVICES.values().forEach(TestService::close);
        SERVICES.clear();
    }

    @ParameterizedTest
    @MethodSource("io.keysweep.server.TestDatabase#h2AndPostgresInFullRun")
    void pause_acrossARestartOfTheService_lastsUntilTheScanIsResumed(String dialect) throws Exception {
        Map<String, String> variables = variables(dialect);
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String scanId;
            JsonNode paused;
            try (TestService service = TestService.start(home, variables)) {
                Credentials key = service.administrator();

                // The running scan is paused.
                scanId = create(service, key, service.register(key, "paused", redis.uri()));
                awaitScan(service, key, scanId, scan -> scan.get("visited").asLong() > 0);
                Answer answer =
                        service.call(key, "POST", scanPath(scanId) + "/pause", "{\"reason\":\"nightly backup\"}");

                assertThat(answer.status()).isEqualTo(200);

                paused = awaitScan(service, key, scanId, scan -> sweepHold(scan).startsWith("paused"));
                assertThat(sweepHold(paused)).isEqualTo("paused by " + key.accessKey() + ": nightly backup");
                assertThat(paused.get("pause").get("scope").asString()).isEqualTo("scan");
                assertThat(paused.get("pause").get("by").asString()).isEqualTo(key.accessKey());
                assertThat(paused.get("pause").get("why").asString()).isEqualTo("nightly backup");
                assertThat(paused.get("status").asString()).isEqualTo("running");
            }

            // After the restart, the scan is still paused, also if its pace is changed.
            long keysAtThePause = keys.size(0);
            try (TestService service = TestService.start(home, variables)) {
                Credentials key = service.administrator();
                Answer tuned = service.call(key, "PATCH", scanPath(scanId), FAST_PACE);
                assertThat(tuned.status()).isEqualTo(200);
                assertThat(tuned.body().get("pause")).isEqualTo(paused.get("pause"));
                assertThat(tuned.body().get("hold").asString()).contains("nightly backup");
                assertThat(keys.size(0)).isEqualTo(keysAtThePause);

                // After it is resumed, the scan reclaims all dead keys and counts them once.
                service.call(key, "POST", scanPath(scanId) + "/resume", "");
                JsonNode endedScan = awaitEnd(service, key, scanId);

                assertThat(endedScan.get("status").asString()).isEqualTo("success");
                assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
                assertThat(endedScan.get("exact").asBoolean()).isTrue();
                assertThat(endedScan.has("pause")).isFalse();
                assertThat(endedScan.has("hold")).isFalse();
                assertThat(keys.size(0)).isEqualTo(LIVE);

                // A scan that has ended can no longer be controlled.
                for (String verb : new String[] {"pause", "resume", "cancel"}) {
                    Answer refusal = service.call(key, "POST", scanPath(scanId) + "/" + verb, "");
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal.body().get("code").asString()).isEqualTo(ErrorCode.SCAN_ENDED.code());
                    assertThat(refusal.body().get("detail").asString())
                            .startsWith("Scan " + scanId + " can be ")
                            .endsWith(" only while it waits or runs.");
                }
                assertThat(service.call(key, "PATCH", scanPath(scanId), FAST_PACE)
                                .status())
                        .isEqualTo(409);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void cancel_ofARunningScan_keepsItsCounts(String dialect) throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            TestService service = service(dialect);
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "cancelled", redis.uri());
            String scanId = create(service, key, instanceId);
            awaitScan(service, key, scanId, scan -> scan.get("reclaimed").asLong() > 0);

            service.call(key, "POST", scanPath(scanId) + "/cancel", "{\"reason\":\"wrong server\"}");
            JsonNode endedScan = awaitEnd(service, key, scanId);

            assertThat(endedScan.get("status").asString()).isEqualTo("failed");
            assertThat(endedScan.get("failure").asString())
                    .isEqualTo("Cancelled by " + key.accessKey() + ": wrong server");
            assertThat(endedScan.get("ending").asString()).isEqualTo("cancelled");
            assertThat(endedScan.get("reclaimed").asLong())
                    .isPositive()
                    .isEqualTo(LIVE + DEAD - keys.size(0))
                    .isLessThan(DEAD);

            // The DCS API has the same count.
            JsonNode record = service.call(key, "GET", historiesPath(key, instanceId), "")
                    .body()
                    .get("records")
                    .get(0);
            assertThat(record.get("status").asString()).isEqualTo("failed");
            assertThat(record.get("num").asLong())
                    .isEqualTo(endedScan.get("reclaimed").asLong());

            // After the cancel, the instance can have another scan, which reclaims the remaining keys.
            String nextScanId = create(service, key, instanceId);
            service.call(key, "PATCH", scanPath(nextScanId), FAST_PACE);

            assertThat(awaitEnd(service, key, nextScanId).get("reclaimed").asLong())
                    .isEqualTo(DEAD - endedScan.get("reclaimed").asLong());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void cancel_ofAWaitingOrPausedScan_endsIt(String dialect) throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            TestService service = service(dialect);
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "waiting", redis.uri());

            // The project is on hold, so the scan waits.
            service.call(key, "PUT", projectHoldPath(key), "{\"reason\":\"freeze\"}");
            String waiting = create(service, key, instanceId);
            Answer answer = service.call(key, "POST", scanPath(waiting) + "/cancel", "");

            assertThat(answer.body().get("status").asString()).isEqualTo("failed");
            assertThat(answer.body().get("failure").asString()).isEqualTo("Cancelled by " + key.accessKey());
            assertThat(answer.body().get("visited").asLong()).isZero();
            assertThat(answer.body().get("sweeps").get(0).get("finished").asBoolean())
                    .isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD);

            // This scan runs, and is then paused.
            service.call(key, "DELETE", projectHoldPath(key), "");
            String running = create(service, key, instanceId);
            awaitScan(service, key, running, scan -> scan.get("visited").asLong() > 0);
            service.call(key, "POST", scanPath(running) + "/pause", "");
            awaitScan(service, key, running, scan -> sweepHold(scan).startsWith("paused"));
            service.call(key, "POST", scanPath(running) + "/cancel", "{\"reason\":\"enough\"}");
            JsonNode endedScan = awaitEnd(service, key, running);

            assertThat(endedScan.get("failure").asString()).endsWith(": enough");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void globalHold_ofRunningAndWaitingScans_stopsThemUntilItsRelease(String dialect) throws Exception {
        int liveOfWaiting = 500;
        int deadOfWaiting = 300;
        try (RedisServer serverOfRunning = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer serverOfWaiting = RedisServer.start(RedisVersion.VALKEY_8)) {
            TestService service = service(dialect);
            KeySpace.withExpiryOff(serverOfRunning.client()).plant(/* db= */ 0, LIVE, DEAD);
            KeySpace keysOfWaiting =
                    KeySpace.withExpiryOff(serverOfWaiting.client()).plant(/* db= */ 0, liveOfWaiting, deadOfWaiting);
            Credentials admin = service.administrator();
            Credentials teamKey = service.project("team");
            String running = create(service, teamKey, service.register(teamKey, "running", serverOfRunning.uri()));
            awaitScan(service, teamKey, running, scan -> scan.get("visited").asLong() > 0);

            // The hold stops the running scan.
            Answer held = service.call(admin, "PUT", "/api/v1/hold", "{\"reason\":\"incident 7\"}");
            assertThat(held.status()).isEqualTo(200);
            assertThat(held.body().get("scope").asString()).isEqualTo("all");

            JsonNode stopped = awaitScan(
                    service,
                    teamKey,
                    running,
                    scan -> sweepHold(scan).equals("all projects held by " + admin.accessKey() + ": incident 7"));
            assertThat(stopped.get("pause").get("scope").asString()).isEqualTo("all");

            String waiting = create(service, teamKey, service.register(teamKey, "waiting", serverOfWaiting.uri()));

            // The most specific reason is shown, and the other reasons still apply.
            service.call(teamKey, "PUT", projectHoldPath(teamKey), "{\"reason\":\"release day\"}");
            assertThat(pauseScope(service, teamKey, waiting)).isEqualTo("project");

            service.call(teamKey, "POST", scanPath(waiting) + "/pause", "");
            assertThat(pauseScope(service, teamKey, waiting)).isEqualTo("scan");

            service.call(teamKey, "POST", scanPath(waiting) + "/resume", "");
            assertThat(service.call(teamKey, "GET", "/api/v1/holds", "").body())
                    .extracting(hold -> hold.get("scope").asString())
                    .containsExactly("all", "project");

            // The team may release its own hold, but not the global one.
            assertThat(service.call(teamKey, "DELETE", "/api/v1/hold", "").status())
                    .isEqualTo(403);
            assertThat(service.call(teamKey, "DELETE", projectHoldPath(teamKey), "")
                            .status())
                    .isEqualTo(204);
            assertThat(pauseScope(service, teamKey, waiting)).isEqualTo("all");
            assertThat(keysOfWaiting.size(0)).isEqualTo(liveOfWaiting + deadOfWaiting);

            // After the release, both scans end.
            assertThat(service.call(admin, "DELETE", "/api/v1/hold", "").status())
                    .isEqualTo(204);

            service.call(teamKey, "PATCH", scanPath(running), FAST_PACE);
            assertThat(awaitEnd(service, teamKey, waiting).get("reclaimed").asLong())
                    .isEqualTo(deadOfWaiting);
            assertThat(awaitEnd(service, teamKey, running).get("reclaimed").asLong())
                    .isEqualTo(DEAD);
            assertThat(service.call(admin, "GET", "/api/v1/holds", "").body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void pause_untilTheTimeout_failsTheScanWithItsCounts(String dialect) throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            TestService service = service(dialect);
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "timeout", redis.uri());

            // A scan with a timeout of 10 s is paused.
            String scanId = id(service.call(
                    key,
                    "POST",
                    "/api/v1/scans",
                    "{\"instanceId\":\"" + instanceId + "\",\"timeoutSeconds\":10," + SLOW_PACE_FIELD + "}"));
            service.call(key, "POST", scanPath(scanId) + "/pause", "");

            // The pause may have begun before the first step. A waiting scan has no deadline yet.
            if (service.call(key, "GET", scanPath(scanId), "")
                    .body()
                    .get("status")
                    .asString()
                    .equals("waiting")) {
                service.call(key, "POST", scanPath(scanId) + "/resume", "");
                awaitScan(
                        service,
                        key,
                        scanId,
                        scan -> !scan.get("status").asString().equals("waiting"));
                service.call(key, "POST", scanPath(scanId) + "/pause", "");
            }

            JsonNode endedScan = awaitEnd(service, key, scanId);

            assertThat(endedScan.get("failure").asString()).startsWith("Timed out after 10 s");
            assertThat(endedScan.get("ending").asString()).isEqualTo("expired");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
        }
    }

    /** Returns the service on a database, which is started once. */
    private static TestService service(String dialect) throws Exception {
        if (!SERVICES.containsKey(dialect)) {
            SERVICES.put(dialect, TestService.start(Files.createDirectory(homes.resolve(dialect)), variables(dialect)));
        }
        return SERVICES.get(dialect);
    }

    private static Map<String, String> variables(String dialect) throws Exception {
        return dialect.equals("h2") ? Map.of() : Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }

    /** Creates a slow scan, and returns its id. */
    private static String create(TestService service, Credentials key, String instanceId) {
        return id(service.call(
                key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"," + SLOW_PACE_FIELD + "}"));
    }

    private static String id(Answer created) {
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created.id();
    }

    private static String scanPath(String id) {
        return "/api/v1/scans/" + id;
    }

    private static String projectHoldPath(Credentials key) {
        return "/api/v1/projects/" + key.projectId() + "/hold";
    }

    private static String historiesPath(Credentials key, String instanceId) {
        return "/v2/" + key.projectId() + "/instances/" + instanceId + "/auto-expire/histories";
    }

    private static String pauseScope(TestService service, Credentials key, String scanId) {
        return service.call(key, "GET", scanPath(scanId), "")
                .body()
                .get("pause")
                .get("scope")
                .asString();
    }

    private static String sweepHold(JsonNode scan) {
        return scan.get("sweeps").get(0).path("hold").asString("");
    }

    private static JsonNode awaitScan(
            TestService service, Credentials key, String scanId, Predicate<JsonNode> condition) {
        return Waits.awaitScan(
                "the scan changes",
                () -> service.call(key, "GET", scanPath(scanId), "").body(),
                condition);
    }

    private static JsonNode awaitEnd(TestService service, Credentials key, String scanId) {
        return awaitScan(service, key, scanId, scan -> scan.has("finishedAt"));
    }
}
