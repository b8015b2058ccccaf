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
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Tests that scans stay paused across a restart of the service, and while all scans of the service are on hold.
 *
 * <p>Each test starts a separate service.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ScanControlIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    @TempDir
    private Path home;

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
                SlowScans scans = new SlowScans(service, key);

                // The running scan is paused.
                scanId = scans.create(service.register(key, "paused", redis.uri()));
                scans.awaitProgress(scanId);
                Answer answer = scans.control(scanId, "pause", "{\"reason\":\"nightly backup\"}");

                assertThat(answer.status()).isEqualTo(200);

                paused = scans.await(scanId, scan -> SlowScans.sweepHold(scan).startsWith("paused"));
                assertThat(SlowScans.sweepHold(paused)).isEqualTo("paused by " + key.accessKey() + ": nightly backup");
                assertThat(paused.get("pause").get("scope").asString()).isEqualTo("scan");
                assertThat(paused.get("pause").get("by").asString()).isEqualTo(key.accessKey());
                assertThat(paused.get("pause").get("why").asString()).isEqualTo("nightly backup");
                assertThat(paused.get("status").asString()).isEqualTo("running");
            }

            // After the restart, the scan is still paused, also if its pace is changed.
            long keysAtThePause = keys.size(0);
            try (TestService service = TestService.start(home, variables)) {
                SlowScans scans = new SlowScans(service, service.administrator());
                Answer tuned = scans.accelerate(scanId);
                assertThat(tuned.status()).isEqualTo(200);
                assertThat(tuned.body().get("pause")).isEqualTo(paused.get("pause"));
                assertThat(tuned.body().get("hold").asString()).contains("nightly backup");
                assertThat(keys.size(0)).isEqualTo(keysAtThePause);

                // After it is resumed, the scan reclaims all dead keys and counts them once.
                scans.control(scanId, "resume", "");
                JsonNode endedScan = scans.awaitEnd(scanId);

                assertThat(endedScan.get("status").asString()).isEqualTo("success");
                assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
                assertThat(endedScan.get("exact").asBoolean()).isTrue();
                assertThat(endedScan.has("pause")).isFalse();
                assertThat(endedScan.has("hold")).isFalse();
                assertThat(keys.size(0)).isEqualTo(LIVE);

                // A scan that has ended can no longer be controlled.
                for (String verb : new String[] {"pause", "resume", "cancel"}) {
                    Answer refusal = scans.control(scanId, verb, "");
                    assertThat(refusal.status()).isEqualTo(409);
                    assertThat(refusal.body().get("code").asString()).isEqualTo(ErrorCode.SCAN_ENDED.code());
                    assertThat(refusal.body().get("detail").asString())
                            .startsWith("Scan " + scanId + " can be ")
                            .endsWith(" only while it waits or runs.");
                }
                assertThat(scans.accelerate(scanId).status()).isEqualTo(409);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void globalHold_ofRunningAndWaitingScans_stopsThemUntilItsRelease(String dialect) throws Exception {
        int liveOfWaiting = 500;
        int deadOfWaiting = 300;
        try (RedisServer serverOfRunning = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer serverOfWaiting = RedisServer.start(RedisVersion.VALKEY_8);
                TestService service = TestService.start(home, variables(dialect))) {
            KeySpace.withExpiryOff(serverOfRunning.client()).plant(/* db= */ 0, LIVE, DEAD);
            KeySpace keysOfWaiting =
                    KeySpace.withExpiryOff(serverOfWaiting.client()).plant(/* db= */ 0, liveOfWaiting, deadOfWaiting);
            Credentials admin = service.administrator();
            Credentials teamKey = service.project("team");
            SlowScans scans = new SlowScans(service, teamKey);
            String running = scans.create(service.register(teamKey, "running", serverOfRunning.uri()));
            scans.awaitProgress(running);

            // The hold stops the running scan.
            Answer held = service.call(admin, "PUT", "/api/v1/hold", "{\"reason\":\"incident 7\"}");
            assertThat(held.status()).isEqualTo(200);
            assertThat(held.body().get("scope").asString()).isEqualTo("all");

            JsonNode stopped = scans.await(
                    running,
                    scan -> SlowScans.sweepHold(scan)
                            .equals("all projects held by " + admin.accessKey() + ": incident 7"));
            assertThat(stopped.get("pause").get("scope").asString()).isEqualTo("all");

            String waiting = scans.create(service.register(teamKey, "waiting", serverOfWaiting.uri()));

            // The most specific reason is shown, and the other reasons still apply.
            service.call(teamKey, "PUT", projectHoldPath(teamKey), "{\"reason\":\"release day\"}");
            assertThat(pauseScope(scans, waiting)).isEqualTo("project");

            scans.control(waiting, "pause", "");
            assertThat(pauseScope(scans, waiting)).isEqualTo("scan");

            scans.control(waiting, "resume", "");
            assertThat(service.call(teamKey, "GET", "/api/v1/holds", "").body())
                    .extracting(hold -> hold.get("scope").asString())
                    .containsExactly("all", "project");

            // The team may release its own hold, but not the global one.
            assertThat(service.call(teamKey, "DELETE", "/api/v1/hold", "").status())
                    .isEqualTo(403);
            assertThat(service.call(teamKey, "DELETE", projectHoldPath(teamKey), "")
                            .status())
                    .isEqualTo(204);
            assertThat(pauseScope(scans, waiting)).isEqualTo("all");
            assertThat(keysOfWaiting.size(0)).isEqualTo(liveOfWaiting + deadOfWaiting);

            // After the release, both scans end.
            assertThat(service.call(admin, "DELETE", "/api/v1/hold", "").status())
                    .isEqualTo(204);

            scans.accelerate(running);
            assertThat(scans.awaitEnd(waiting).get("reclaimed").asLong()).isEqualTo(deadOfWaiting);
            assertThat(scans.awaitEnd(running).get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(service.call(admin, "GET", "/api/v1/holds", "").body()).isEmpty();
        }
    }

    private static Map<String, String> variables(String dialect) throws Exception {
        return dialect.equals("h2") ? Map.of() : Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
    }

    private static String projectHoldPath(Credentials key) {
        return "/api/v1/projects/" + key.projectId() + "/hold";
    }

    private static String pauseScope(SlowScans scans, String scanId) {
        return scans.get(scanId).get("pause").get("scope").asString();
    }
}
