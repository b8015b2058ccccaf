package io.keysweep.server.autoscan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests the schedules of the native API: the automatic-scan settings of the DCS API, with a version and the time of the
 * next start.
 *
 * <p>The DCS API is the API of Huawei Cloud's Distributed Cache Service, which the service also offers.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleIT {

    private final Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);

    private TestService service;
    private Credentials key;
    private String instancePath;
    private String schedulePath;

    /** The number of instances that tests have registered so far. It makes the name of each instance unique. */
    private int instanceCount;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("schedules");
    }

    @BeforeEach
    void register() {
        instanceCount++;
        instancePath = "/api/v1/instances/" + service.register(key, "i" + instanceCount, "redis://127.0.0.1:1");
        schedulePath = instancePath + "/schedule";
    }

    @Test
    void schedule_setInOneApi_isShownByTheOther() {
        // At first, the instance has no schedule.
        assertThat(get().body().get("document").get("enabled").asBoolean()).isFalse();
        assertThat(get().header("ETag")).isEqualTo("\"0\"");

        // The native API sets a schedule, and the DCS API shows it.
        Instant first = now.plus(Duration.ofDays(1));
        Answer set = put(hourly(first), "\"0\"");
        assertThat(set.status()).as(set.response().body()).isEqualTo(200);
        assertThat(set.header("ETag")).isEqualTo("\"1\"");
        assertThat(set.body().get("nextStartAt").asString()).isEqualTo(first.toString());

        JsonNode shown = service.call(key, "GET", dcsPath(), "").body();
        assertThat(shown.get("enable_auto_scan").asBoolean()).isTrue();
        assertThat(shown.get("interval").asInt()).isEqualTo(3_600);
        assertThat(shown.get("scan_keys_count").asInt()).isEqualTo(50);

        // The DCS API switches it off, and the native API shows that. The change makes the first version stale.
        service.call(key, "PUT", dcsPath(), "{\"enable_auto_scan\":false}");
        assertThat(get().body().get("version").asInt()).isEqualTo(2);
        assertThat(get().body().has("nextStartAt")).isFalse();
        assertThat(put(hourly(first), "\"1\"").status()).isEqualTo(412);

        // After the removal, the DCS API shows the vendor's defaults, as before the first schedule.
        assertThat(service.call(key, "DELETE", schedulePath, "").status()).isEqualTo(204);
        assertThat(get().body().get("document").propertyNames()).containsExactly("enabled");
        assertThat(service.call(key, "GET", dcsPath(), "")
                        .body()
                        .get("interval")
                        .asInt())
                .isEqualTo(86_400);

        // A removed schedule can be set again. Its version continues at 4, so tasks of the old schedule start nothing.
        assertThat(put(hourly(first), "*").header("ETag")).isEqualTo("\"4\"");
    }

    @Test
    void firstStart_inThePast_isReplacedByTheNextStartOfTheInterval() {
        // The first start was 400 days and half an hour ago. The interval is one hour.
        Instant first = now.minus(Duration.ofDays(400)).minus(Duration.ofMinutes(30));
        Answer set = put(hourly(first), "*");
        Instant next = Instant.parse(set.body().get("nextStartAt").asString());

        assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plus(Duration.ofHours(1)));
        assertThat(Duration.between(first, next).toSeconds()
                        % Duration.ofHours(1).toSeconds())
                .isZero();

        // A single start has no next one, so it must not be in the past.
        Answer single = put(document(first, /* intervalSeconds= */ 0, /* timeoutSeconds= */ 7_200), "*");
        assertThat(single.status()).isEqualTo(400);
        assertThat(single.body().get("errors").get(0).get("field").asString()).isEqualTo("firstScanAt");
    }

    /**
     * The removed instance has left a task that is due in 30 days. The new schedule has the same instance and version
     * 1, so its task has the same id. The service must move the old task to the first start of the new schedule.
     */
    @Test
    void schedule_ofAnInstanceRegisteredAgainWithItsId_isDueAtItsFirstStart() {
        String id = UUID.randomUUID().toString();
        String registration = "{\"name\":\"again\",\"uri\":\"redis://127.0.0.1:1\",\"id\":\"" + id + "\"}";
        schedulePath = "/api/v1/instances/" + id + "/schedule";
        service.call(key, "POST", "/api/v1/instances", registration);
        put(hourly(now.plus(Duration.ofDays(30))), "*");
        service.call(key, "DELETE", "/api/v1/instances/" + id, "");

        // The instance is registered again, with another schedule.
        service.call(key, "POST", "/api/v1/instances", registration);
        Instant first = now.plus(Duration.ofHours(2));

        assertThat(put(hourly(first), "*").header("ETag")).isEqualTo("\"1\"");

        await("the task is due at the first start").until(() -> dueAt(id + "/1").equals(first));
    }

    @Test
    void nextStart_withWindows_isInsideThem() {
        // A start waits for the next window.
        put(daily(now.plus(Duration.ofDays(1))), "*");
        String mondays = "\"windows\":[{\"days\":[\"monday\"],\"from\":\"01:00\",\"until\":\"02:00\"}]";
        service.call(key, "PUT", instancePath + "/windows", "{" + mondays + "}");
        ZonedDateTime next =
                Instant.parse(get().body().get("nextStartAt").asString()).atZone(ZoneOffset.UTC);
        assertThat(next.getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
        assertThat(next.getHour()).isEqualTo(1);
        assertThat(next.toInstant()).isAfterOrEqualTo(now.plus(Duration.ofDays(1)));

        // If windows end sweeps, a start outside them does not wait but is skipped. All starts at noon are outside.
        put(daily(Instant.parse("2020-01-01T12:00:00Z")), "*");
        service.call(key, "PUT", instancePath + "/windows", "{\"outside\":\"end\"," + mondays + "}");
        assertThat(get().body().has("nextStartAt")).isFalse();

        // Without windows, the next start is at noon.
        service.call(key, "DELETE", instancePath + "/windows", "");
        Instant nextStart = Instant.parse(get().body().get("nextStartAt").asString());
        assertThat(nextStart.atZone(ZoneOffset.UTC).getHour()).isEqualTo(12);
    }

    @Test
    void schedule_withSeveralProblems_isRefusedWithAllOfThem() {
        Answer refusal = put("{\"firstScanAt\":\"soon\",\"intervalSeconds\":-1,\"every\":5}", "*");
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.body().get("detail").asString()).contains("every is unknown");
        assertThat(put("{\"firstScanAt\":\"soon\",\"intervalSeconds\":-1}", "*")
                        .body()
                        .get("errors")
                        .values())
                .extracting(error -> error.get("detail").asString())
                .containsExactly(
                        "firstScanAt is 'soon', must be a date-time as 2026-11-25T02:00:00.000Z.",
                        "intervalSeconds is '-1', must be at least 0 seconds.",
                        "timeoutSeconds is missing, must be at least 2 seconds.",
                        "scanKeysCount is missing, must be 10 to 1000.");
    }

    /** Returns when db-scheduler runs the task of a schedule. */
    private Instant dueAt(String taskId) {
        return service.bean(JdbcClient.class)
                .sql("select execution_time from scheduled_tasks where task_name = 'autoscan' and task_instance = ?")
                .param(taskId)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** Returns the path of the same settings in the DCS API. */
    private String dcsPath() {
        return "/v2/" + key.projectId() + instancePath.replace("/api/v1", "") + "/scan-expire-keys/autoscan-config";
    }

    private static String hourly(Instant first) {
        return document(first, /* intervalSeconds= */ 3_600, /* timeoutSeconds= */ 7_200);
    }

    private static String daily(Instant first) {
        return document(first, /* intervalSeconds= */ 86_400, /* timeoutSeconds= */ 172_800);
    }

    private static String document(Instant first, int intervalSeconds, int timeoutSeconds) {
        return "{\"firstScanAt\":\"" + first + "\",\"intervalSeconds\":" + intervalSeconds + ",\"timeoutSeconds\":"
                + timeoutSeconds + ",\"scanKeysCount\":50}";
    }

    private Answer get() {
        return service.call(key, "GET", schedulePath, "");
    }

    private Answer put(String body, String ifMatch) {
        return service.call(key, "PUT", schedulePath, body, Map.of("If-Match", ifMatch));
    }
}
