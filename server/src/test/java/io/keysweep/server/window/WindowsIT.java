package io.keysweep.server.window;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests that sweeps of a real server wait, continue or end outside their windows, on both databases.
 *
 * <p>A window is a time of the week when sweeps may run.
 */
@ExtendWith(SharedServicesResolver.class)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class WindowsIT {

    private static final int LIVE = 50_000;
    private static final int DEAD = 20_000;

    /** The rate ceiling in keys per second. A sweep lasts 140 s unless it is tuned, so the window closes during it. */
    private static final int RATE = 100;

    /** Windows that are always closed by a blackout of centuries; {@code %s} stands for further fields. */
    private static final String CLOSED = "{\"blackouts\":[{\"first\":\"2000-01-01\",\"last\":\"2999-12-31\"}]%s}";

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void sweep_whoseWindowCloses_waitsWithTheReasonUntilItOpens(String dialect, SharedServices services) {
        TestService service = services.on(dialect);
        Credentials key = service.newAdministrator("windows that close");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String windows = "/api/v1/projects/" + key.projectId() + "/windows";
            String scanId = create(service, key, service.register(key, "windows", redis.uri()));
            awaitScan(service, key, scanId, scan -> scan.get("fraction").asDouble() > 0);

            assertThat(service.call(key, "PUT", windows, CLOSED.formatted(",\"appliesTo\":\"all\""))
                            .status())
                    .isEqualTo(200);

            JsonNode waiting = awaitScan(
                    service, key, scanId, scan -> scan.path("hold").asString("").contains("windows"));
            assertThat(waiting.get("status").asString()).isEqualTo("running");
            assertThat(waiting.get("hold").asString())
                    .isEqualTo("held by the project's windows: closed until 3000-01-01 00:00 UTC");

            // The sweep waits as a stored task of db-scheduler that is due later, so no thread waits for it.
            await("the execution is due later")
                    .until(() -> service.bean(JdbcClient.class)
                                    .sql("select count(*) from scheduled_tasks where task_name = 'sweep' and not picked"
                                            + " and execution_time > current_timestamp + interval '5' minute"
                                            + " and task_instance like ?")
                                    .param(scanId + "/%")
                                    .query(Long.class)
                                    .single()
                            == 1);
            assertThat(keySpace.size(0)).isGreaterThan(LIVE);

            // Without windows, the sweep continues, and reclaims the remaining dead keys.
            assertThat(service.call(key, "DELETE", windows, "").status()).isEqualTo(204);
            service.call(key, "PATCH", "/api/v1/scans/" + scanId, "{\"profile\":\"full\",\"rateCeiling\":null}");
            JsonNode endedScan = awaitScan(service, key, scanId, scan -> scan.has("finishedAt"));
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(endedScan.get("exact").asBoolean()).isTrue();
            assertThat(endedScan.has("hold")).isFalse();
            assertThat(keySpace.size(0)).isEqualTo(LIVE);

            // The wait is recorded once. A busy machine may have held the sweep for other reasons, and for longer.
            JsonNode holds = service.call(key, "GET", "/api/v1/scans/" + scanId + "/holds", "")
                    .body();
            assertThat(holds.valueStream())
                    .filteredOn(hold -> hold.get("reason").asString().equals("held by the project's windows"))
                    .singleElement()
                    .satisfies(hold -> {
                        assertThat(hold.get("times").asInt()).isEqualTo(1);
                        assertThat(hold.get("heldMs").asLong()).isPositive();
                    });
        }
    }

    @Test
    void sweep_thatMustEndOutsideItsWindow_fails_andKeepsItsCounts(SharedServices services) {
        TestService service = services.h2();
        Credentials key = service.newAdministrator("windows that end sweeps");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, "windows", redis.uri());
            String scanId = create(service, key, instanceId);
            awaitScan(service, key, scanId, scan -> scan.get("reclaimed").asLong() > 0);
            service.call(
                    key,
                    "PUT",
                    "/api/v1/instances/" + instanceId + "/windows",
                    CLOSED.formatted(",\"appliesTo\":\"all\",\"outside\":\"end\""));
            JsonNode endedScan = awaitScan(service, key, scanId, scan -> scan.has("finishedAt"));

            assertThat(endedScan.get("status").asString()).isEqualTo("failed");
            assertThat(endedScan.get("failure").asString())
                    .startsWith("Ended by the instance's windows: closed until 3000-01-01 00:00 UTC");
            assertThat(endedScan.get("reclaimed").asLong()).isPositive().isEqualTo(LIVE + DEAD - keySpace.size(0));
        }
    }

    @Test
    void scan_whoseTimeoutPassesWhileItWaits_fails(SharedServices services) {
        TestService service = services.h2();
        Credentials key = service.newAdministrator("windows and a timeout");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            // At 2,000 keys a second the whole scan would take 40 s.
            int live = 40_000;
            int dead = 40_000;
            KeySpace keySpace = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, live, dead);
            String instanceId = service.register(key, "windows", redis.uri());
            String path = "/v2/" + key.projectId() + "/instances/" + instanceId;
            String schedule = "/api/v1/instances/" + instanceId + "/schedule";

            // The next start is at most 15 s later, however long the request takes.
            Answer scheduled = service.call(
                    key,
                    "PUT",
                    schedule,
                    "{\"firstScanAt\":\"2020-01-01T00:00:00Z\",\"intervalSeconds\":15,\"timeoutSeconds\":30,"
                            + "\"scanKeysCount\":10}");
            assertThat(scheduled.status()).as(scheduled.response().body()).isEqualTo(200);

            String scanId = await("the scan is created")
                    .until(
                            () -> service.call(key, "GET", path + "/auto-expire/histories", "")
                                    .body(),
                            found -> found.get("count").asInt() > 0)
                    .get("records")
                    .get(0)
                    .get("id")
                    .asString();

            // While the scan runs, its window closes.
            awaitScan(service, key, scanId, scan -> scan.get("reclaimed").asLong() > 0);
            service.call(key, "PUT", "/api/v1/instances/" + instanceId + "/windows", CLOSED.formatted(""));
            service.call(key, "DELETE", schedule, "");

            // On a very slow machine, the timeout passes first.
            awaitScan(service, key, scanId, scan -> scan.has("hold") || scan.has("finishedAt"));
            JsonNode endedScan = awaitScan(service, key, scanId, scan -> scan.has("finishedAt"));

            assertThat(endedScan.get("status").asString()).isEqualTo("failed");
            assertThat(endedScan.get("failure").asString()).startsWith("Timed out after 30 s");
            assertThat(endedScan.get("reclaimed").asLong()).isPositive().isEqualTo(live + dead - keySpace.size(0));
        }
    }

    @Test
    void scan_createdOutsideItsWindow_stillWaitsAfterARestart(@TempDir Path home) {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 500);
            // Before the restart, the window is closed.
            String scanId;
            String windows;
            try (TestService service = TestService.start(home, Map.of())) {
                Credentials key = service.administrator();
                String instanceId = service.register(key, "windows", redis.uri());
                windows = "/api/v1/instances/" + instanceId + "/windows";
                service.call(key, "PUT", windows, CLOSED.formatted(",\"appliesTo\":\"all\""));
                scanId = create(service, key, instanceId);
                awaitScan(service, key, scanId, scan -> scan.has("hold"));
            }

            // After the restart, the scan waits until the windows change.
            try (TestService service = TestService.start(home, Map.of())) {
                Credentials key = service.administrator();
                JsonNode waiting = awaitScan(service, key, scanId, scan -> scan.has("hold"));
                assertThat(waiting.get("status").asString()).isEqualTo("waiting");
                assertThat(waiting.has("startedAt")).isFalse();

                // The scan is manual, so windows that apply to automatic scans only do not hold it.
                service.call(key, "PUT", windows, CLOSED.formatted(""));
                JsonNode endedScan = awaitScan(service, key, scanId, scan -> scan.has("finishedAt"));

                assertThat(endedScan.get("status").asString()).isEqualTo("success");
                assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(500);
            }
        }
    }

    @Test
    void instance_withoutWindows_followsItsProject_andOtherProjectsSeeNothing(SharedServices services) {
        TestService service = services.h2();
        Credentials key = service.newAdministrator("windows of a project");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            String instance = "/api/v1/instances/" + service.register(key, "windows", redis.uri()) + "/windows";
            String project = "/api/v1/projects/" + key.projectId() + "/windows";
            assertThat(sourceOfWindows(service.call(key, "GET", instance, ""))).isEqualTo("none");

            // The windows of the project apply to an instance without its own.
            service.call(key, "PUT", project, CLOSED.formatted(""));
            Answer projectAnswer = service.call(key, "GET", instance, "");
            assertThat(sourceOfWindows(projectAnswer)).isEqualTo("project");
            assertThat(projectAnswer.body().get("open").asBoolean()).isFalse();
            assertThat(projectAnswer.body().get("nextChange").asString()).isEqualTo("3000-01-01T00:00:00Z");
            assertThat(projectAnswer.body().get("setBy").asString()).isEqualTo(key.accessKey());

            // Windows of the instance replace them until they are deleted.
            Answer instanceAnswer = service.call(key, "PUT", instance, "{\"spreadMinutes\":5}");
            assertThat(sourceOfWindows(instanceAnswer)).isEqualTo("instance");
            assertThat(instanceAnswer.body().get("open").asBoolean()).isTrue();
            assertThat(instanceAnswer
                            .body()
                            .get("document")
                            .get("spreadMinutes")
                            .asInt())
                    .isEqualTo(5);
            assertThat(service.call(key, "DELETE", instance, "").status()).isEqualTo(204);
            assertThat(sourceOfWindows(service.call(key, "GET", instance, ""))).isEqualTo("project");

            // An invalid or missing document is refused.
            Answer refusal = service.call(key, "PUT", project, "{\"outside\":\"stop\"}");
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.body().get("detail").asString())
                    .isEqualTo("outside is 'stop', must be one of hold, end.");
            assertThat(service.call(key, "PUT", project, "").status()).isEqualTo(400);

            // A key of another project sees neither of them.
            Credentials otherTeam = service.project("no windows");
            assertThat(service.call(otherTeam, "GET", instance, "").status()).isEqualTo(404);
            assertThat(service.call(otherTeam, "GET", project, "").status()).isEqualTo(404);
        }
    }

    private static String sourceOfWindows(Answer answer) {
        return answer.body().get("source").asString();
    }

    private static String create(TestService service, Credentials key, String instanceId) {
        String body = "{\"instanceId\":\"" + instanceId + "\",\"profile\":\"full\",\"rateCeiling\":" + RATE + "}";
        return service.call(key, "POST", "/api/v1/scans", body).id();
    }

    private static JsonNode awaitScan(
            TestService service, Credentials key, String scanId, Predicate<JsonNode> condition) {
        return Waits.awaitScan(
                "the scan changes",
                () -> service.call(key, "GET", "/api/v1/scans/" + scanId, "").body(),
                condition);
    }
}
