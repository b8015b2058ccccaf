package io.keysweep.server.assist;

import static io.keysweep.testkit.Waits.awaitScan;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
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

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("assist");
    }

    @Test
    void scan_ofAnInstanceThatAllowsAssist_recordsTheCountsOfAssistAndSweep() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), redis.uri());

            // By default, an instance does not allow assist.
            Answer refused = create(instanceId, ",\"assist\":\"before\"");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.INVALID_PARAMETER.code());
            assertThat(refused.body().get("detail").asString())
                    .contains("assist is 'before', must be none, because the setting assist of the instance does not "
                            + "allow it.");

            // The scan of an instance that allows assist assists first.
            allowAssist(instanceId);
            keys.switchExpiryOn();
            JsonNode ended = awaitEnd(created(create(instanceId, "")));
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("assist").asString()).isEqualTo("before");

            // Assist ends when the server has removed nearly all dead keys, and the sweep reclaims the rest.
            JsonNode assist = ended.get("sweeps").get(0).get("assist");
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
            assertThat(types(events)).contains("assisting", "assisted");
            assertThat(findEvent(events, "assisted").get("detail").asString())
                    .contains("by the server's own count (expired_keys)", "hz 10 is back");
            assertThat(findEvent(events, "assisting").has("until")).isTrue();

            JsonNode report = service.call(key, "GET", scanPath(ended) + "/report", "")
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
            String instanceId = service.register(key, newName(), redis.uri());
            allowAssist(instanceId);
            keys.switchExpiryOn();

            JsonNode ended = awaitEnd(created(create(instanceId, ",\"assist\":\"only\"")));
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("visited").asLong()).isZero();
            assertThat(ended.get("fraction").asDouble()).isEqualTo(1);
            assertThat(ended.get("sweeps").get(0).get("assist").get("ending").asString())
                    .isEqualTo("NOTHING_LEFT");
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    @Test
    void pauseAndCancel_duringAssist_restoreTheFormerSettings() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), proxy.uri());
            allowAssist(instanceId);
            JsonNode scan = created(create(instanceId, ""));
            awaitRaised(proxy, /* times= */ 1);

            // The pause restores the settings.
            service.call(key, "POST", scanPath(scan) + "/pause", "{\"reason\":\"backup\"}");
            await(
                    scan,
                    now -> now.get("sweeps").get(0).path("hold").asString("").startsWith("paused"));
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);

            // The end of the pause raises them again.
            long raises = countRaises(proxy);
            service.call(key, "POST", scanPath(scan) + "/resume", "");
            awaitRaised(proxy, raises + 1);

            // The cancellation restores them, and leaves no stored settings.
            service.call(key, "POST", scanPath(scan) + "/cancel", "{\"reason\":\"enough\"}");
            JsonNode ended = awaitEnd(scan);
            assertThat(ended.get("ending").asString()).isEqualTo("cancelled");
            assertThat(ended.get("sweeps").get(0).get("assist").get("ending").asString())
                    .isEqualTo("CANCELLED");
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);
            assertThat(service.bean(JdbcClient.class)
                            .sql("select count(*) from raised_settings where instance_id = :id")
                            .param("id", UUID.fromString(instanceId))
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    @Test
    void windowThatCloses_duringAssist_restoresTheFormerSettings_untilItOpens() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), proxy.uri());
            allowAssist(instanceId);
            JsonNode scan = created(create(instanceId, ""));
            awaitRaised(proxy, /* times= */ 1);
            String windows = "/api/v1/instances/" + instanceId + "/windows";

            // A blackout closes the windows.
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            Answer closed = service.call(
                    key,
                    "PUT",
                    windows,
                    "{\"timeZone\":\"UTC\",\"appliesTo\":\"all\",\"blackouts\":[{\"first\":\"" + today.minusDays(1)
                            + "\",\"last\":\"" + today.plusDays(2) + "\"}]}");
            assertThat(closed.status()).as(closed.response().body()).isEqualTo(200);
            await(
                    scan,
                    now -> now.get("sweeps")
                            .get(0)
                            .path("hold")
                            .asString("")
                            .startsWith("held by the instance's windows"));
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);

            // Without the windows, the scan assists again.
            long raises = countRaises(proxy);
            service.call(key, "DELETE", windows, "");
            awaitRaised(proxy, raises + 1);
            service.call(key, "POST", scanPath(scan) + "/cancel", "");
            awaitEnd(scan);
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);
        }
    }

    /**
     * At the share of profile full, the settings stay raised, apart from a short rest every 10 s. At a hundredth of the
     * server's time, they are lowered in every control period.
     */
    @Test
    void tune_duringAssist_changesItsShare() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), proxy.uri());
            allowAssist(instanceId);
            JsonNode scan = created(create(instanceId, ""));
            awaitRaised(proxy, /* times= */ 1);

            long raises = countRaises(proxy);
            assertThat(service.call(key, "PATCH", scanPath(scan), "{\"share\":0.01}")
                            .status())
                    .isEqualTo(200);

            Waits.await("the settings are lowered and raised again, several times within some seconds")
                    .atMost(Duration.ofSeconds(25))
                    .until(() -> countRaises(proxy) >= raises + 5);
            service.call(key, "POST", scanPath(scan) + "/cancel", "");
            awaitEnd(scan);
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);
        }
    }

    @Test
    void scanOfTheDcsApi_ofAnInstanceThatAllowsAssist_assistsAndCountsOnlyTheSweep() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace keys = KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), redis.uri());
            allowAssist(instanceId);
            keys.switchExpiryOn();

            String path = "/v2/" + key.projectId() + "/instances/" + instanceId;
            assertThat(service.call(key, "POST", path + "/scan-expire-keys-task", "")
                            .status())
                    .isEqualTo(200);
            JsonNode ended = awaitEnd(service.call(key, "GET", "/api/v1/scans?instanceId=" + instanceId, "")
                    .body()
                    .get("scans")
                    .get(0));

            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("assist").asString()).isEqualTo("before");
            assertThat(ended.get("sweeps").get(0).get("assist").get("ending").asString())
                    .isIn("LITTLE_LEFT", "NOTHING_LEFT");
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
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                EndlessExpiryProxy proxy = new EndlessExpiryProxy(redis)) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, newName(), proxy.uri());
            allowAssist(instanceId);
            JsonNode scan = created(create(instanceId, ""));
            awaitRaised(proxy, /* times= */ 1);

            // While assist has raised the settings, a ceiling forbids it.
            Answer forbidden =
                    service.call(key, "PUT", "/api/v1/instances/" + instanceId + "/ceilings", "{\"assist\":false}");
            assertThat(forbidden.status()).isEqualTo(200);

            JsonNode ended = awaitEnd(scan);
            JsonNode assist = ended.get("sweeps").get(0).get("assist");
            assertThat(assist.get("ending").asString()).isEqualTo("REFUSED");
            assertThat(assist.get("reason").asString()).isEqualTo("the instance no longer allows it");
            assertThat(EndlessExpiryProxy.settings(client)).isEqualTo(FORMER_VALUES);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("visited").asLong()).isPositive();
        }
    }

    /** Waits until the settings of the server were raised a number of times. */
    private static void awaitRaised(EndlessExpiryProxy proxy, long times) {
        Waits.await("the settings are raised").until(() -> countRaises(proxy) >= times);
    }

    private static long countRaises(EndlessExpiryProxy proxy) {
        return proxy.changes().stream()
                .filter(change -> change.equals("active-expire-effort 10"))
                .count();
    }

    private static String newName() {
        return "assist-" + UUID.randomUUID();
    }

    private void allowAssist(String instanceId) {
        Answer allowed = service.call(key, "PATCH", "/api/v1/instances/" + instanceId, "{\"assist\":true}");
        assertThat(allowed.body().get("assist").asBoolean()).isTrue();
    }

    /** Requests a scan; {@code fields} has further fields of the request, each after a comma. */
    private Answer create(String instanceId, String fields) {
        return service.call(
                key,
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + instanceId + "\",\"profile\":\"full\"" + fields + "}");
    }

    private static JsonNode created(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.body();
    }

    private static String scanPath(JsonNode scan) {
        return "/api/v1/scans/" + scan.get("id").asString();
    }

    private JsonNode awaitEnd(JsonNode scan) {
        return await(scan, now -> now.has("finishedAt"));
    }

    private JsonNode await(JsonNode scan, Predicate<JsonNode> condition) {
        return awaitScan(
                "the scan changes",
                () -> service.call(key, "GET", scanPath(scan), "").body(),
                condition);
    }

    private JsonNode events(JsonNode scan) {
        return service.call(key, "GET", scanPath(scan) + "/timeline", "").body().get("events");
    }

    private static List<String> types(JsonNode events) {
        List<String> types = new ArrayList<>();
        events.forEach(event -> types.add(event.get("type").asString()));
        return types;
    }

    private static JsonNode findEvent(JsonNode events, String type) {
        return events.valueStream()
                .filter(event -> event.get("type").asString().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
