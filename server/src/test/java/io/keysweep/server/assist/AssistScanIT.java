package io.keysweep.server.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests that the service assists real servers if this is allowed, reports it, and restores their settings.
 *
 * <p>Assist raises the server's settings {@code hz} and {@code active-expire-effort} for a while, so that the server
 * itself removes more expired keys.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AssistScanIT {

    private static final int LIVE = 2_000;
    private static final int DEAD = 1_000;

    /** The values of hz, active-expire-effort and lazyfree-lazy-expire before assist raises them. */
    private static final List<String> FORMER_VALUES = List.of("10", "1", "no");

    private TestService service;
    private Credentials key;
    private AssistRequests requests;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("assist");
        requests = new AssistRequests(service, key);
    }

    @Test
    void scan_ofAnInstanceThatAllowsAssist_recordsTheCountsOfAssistAndSweep() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = requests.register(redis.uri());

            // By default, an instance does not allow assist.
            Answer refused = requests.create(instanceId, ",\"assist\":\"before\"");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.INVALID_PARAMETER.code());
            assertThat(refused.body().get("detail").asString())
                    .contains("assist is 'before', must be none, because the setting assist of the instance does not "
                            + "allow it.");

            // The scan of an instance that allows assist assists first.
            requests.allowAssist(instanceId);
            keys.switchExpiryOn();
            JsonNode ended = requests.awaitEnd(requests.create(instanceId, "").created());
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("assist").asString()).isEqualTo("before");

            // Assist ends when the server has removed nearly all dead keys, and the sweep reclaims the rest.
            JsonNode assist = assist(ended);
            assertThat(assist.get("ending").asString()).isIn("LITTLE_LEFT", "NOTHING_LEFT");
            assertThat(assist.get("counter").asString()).isEqualTo("expired_keys");
            assertThat(ended.get("assistReclaimed").asLong())
                    .isEqualTo(assist.get("reclaimed").asLong());

            // The server may have reclaimed some keys before the scan, which are in neither count.
            assertThat(assist.get("reclaimed").asLong() + ended.get("reclaimed").asLong())
                    .isLessThanOrEqualTo(DEAD);
            assertThat(ended.get("exact").asBoolean()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);

            // The timeline and the report show the assist.
            JsonNode events = events(ended);
            assertThat(events.findValuesAsString("type")).contains("assisting", "assisted");
            assertThat(findEvent(events, "assisted").get("detail").asString())
                    .contains("by the server's own count (expired_keys)", "hz 10 is back");
            assertThat(findEvent(events, "assisting").has("until")).isTrue();

            JsonNode report = service.call(key, "GET", AssistRequests.scanPath(ended) + "/report", "")
                    .body()
                    .get("report");
            assertThat(report.get("scan").get("assistReclaimed")).isEqualTo(ended.get("assistReclaimed"));
        }
    }

    @Test
    void scan_withAssistOnly_makesNoStep_andSucceeds() {
        try (RedisServer redis = RedisServer.start(RedisVersion.VALKEY_9);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plantWithoutTtl(/* db= */ 0, LIVE)
                    .plant(/* db= */ 0, /* live= */ 0, DEAD);
            String instanceId = requests.register(redis.uri());
            requests.allowAssist(instanceId);
            keys.switchExpiryOn();

            JsonNode ended = requests.awaitEnd(
                    requests.create(instanceId, ",\"assist\":\"only\"").created());
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("visited").asLong()).isZero();
            assertThat(ended.get("fraction").asDouble()).isEqualTo(1);
            assertThat(assist(ended).get("ending").asString()).isEqualTo("NOTHING_LEFT");
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @Test
    void pauseAndCancel_duringAssist_restoreTheFormerSettings() {
        try (AssistedScan scan = new AssistedScan(service, key)) {
            // The pause restores the settings.
            scan.control("pause");
            scan.awaitHold("paused");
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);

            // The end of the pause raises them again.
            long raises = scan.countRaises();
            scan.control("resume");
            scan.awaitRaises(raises + 1);

            // The cancellation restores them, and leaves no stored settings.
            scan.control("cancel");
            JsonNode ended = scan.awaitEnd();
            assertThat(ended.get("ending").asString()).isEqualTo("cancelled");
            assertThat(assist(ended).get("ending").asString()).isEqualTo("CANCELLED");
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);
            assertThat(service.bean(JdbcClient.class)
                            .sql("select count(*) from raised_settings where instance_id = :id")
                            .param("id", UUID.fromString(scan.instanceId()))
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void windowThatCloses_duringAssist_restoresTheFormerSettings_untilItOpens() {
        try (AssistedScan scan = new AssistedScan(service, key)) {
            // A blackout closes the windows.
            String windows = "/api/v1/instances/" + scan.instanceId() + "/windows";
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            Answer closed = service.call(
                    key,
                    "PUT",
                    windows,
                    "{\"timeZone\":\"UTC\",\"appliesTo\":\"all\",\"blackouts\":[{\"first\":\"" + today.minusDays(1)
                            + "\",\"last\":\"" + today.plusDays(2) + "\"}]}");
            assertThat(closed.status()).as(closed.response().body()).isEqualTo(200);
            scan.awaitHold("held by the instance's windows");
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);

            // Without the windows, the scan assists again.
            long raises = scan.countRaises();
            service.call(key, "DELETE", windows, "");
            scan.awaitRaises(raises + 1);
            scan.control("cancel");
            scan.awaitEnd();
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);
        }
    }

    /**
     * At the share of profile full, the settings stay raised, apart from a short rest every 10 s. At a hundredth of the
     * server's time, they are lowered in every control period.
     */
    @Test
    void tune_duringAssist_changesItsShare() {
        try (AssistedScan scan = new AssistedScan(service, key)) {
            long raises = scan.countRaises();
            assertThat(scan.tune("{\"share\":0.01}").status()).isEqualTo(200);

            Waits.await("the settings are lowered and raised again, several times within some seconds")
                    .atMost(Duration.ofSeconds(45))
                    .until(() -> scan.countRaises() >= raises + 5);
            scan.control("cancel");
            scan.awaitEnd();
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);
        }
    }

    @Test
    void scanOfTheDcsApi_ofAnInstanceThatAllowsAssist_assistsAndCountsOnlyTheSweep() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = requests.register(redis.uri());
            requests.allowAssist(instanceId);
            keys.switchExpiryOn();

            String path = "/v2/" + key.projectId() + "/instances/" + instanceId;
            assertThat(service.call(key, "POST", path + "/scan-expire-keys-task", "")
                            .status())
                    .isEqualTo(200);
            JsonNode ended = requests.awaitEnd(service.call(key, "GET", "/api/v1/scans?instanceId=" + instanceId, "")
                    .body()
                    .get("scans")
                    .get(0));

            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("assist").asString()).isEqualTo("before");
            assertThat(assist(ended).get("ending").asString()).isIn("LITTLE_LEFT", "NOTHING_LEFT");
            assertThat(keys.size(0)).isEqualTo(LIVE);
            JsonNode record = service.call(key, "GET", path + "/auto-expire/histories", "")
                    .body()
                    .get("records")
                    .get(0);
            assertThat(record.get("num").asLong())
                    .isEqualTo(ended.get("reclaimed").asLong());
        }
    }

    @Test
    void assist_thatACeilingForbidsWhileItRuns_ends_andTheScanSweeps() {
        try (AssistedScan scan = new AssistedScan(service, key)) {
            // While assist has raised the settings, a ceiling forbids it.
            Answer forbidden = service.call(
                    key, "PUT", "/api/v1/instances/" + scan.instanceId() + "/ceilings", "{\"assist\":false}");
            assertThat(forbidden.status()).isEqualTo(200);

            JsonNode ended = scan.awaitEnd();
            assertThat(assist(ended).get("ending").asString()).isEqualTo("REFUSED");
            assertThat(assist(ended).get("reason").asString()).isEqualTo("the instance no longer allows it");
            assertThat(scan.settings()).isEqualTo(FORMER_VALUES);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("visited").asLong()).isPositive();
        }
    }

    /** Returns the result of assist in the only sweep of a scan. */
    private static JsonNode assist(JsonNode scan) {
        return scan.get("sweeps").get(0).get("assist");
    }

    private JsonNode events(JsonNode scan) {
        return service.call(key, "GET", AssistRequests.scanPath(scan) + "/timeline", "")
                .body()
                .get("events");
    }

    private static JsonNode findEvent(JsonNode events, String type) {
        return events.valueStream()
                .filter(event -> event.get("type").asString().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
