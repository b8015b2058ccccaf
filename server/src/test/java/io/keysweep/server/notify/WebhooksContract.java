package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/webhooks} of the whole service, with real scans and a real receiver, on both databases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebhooksContract {

    @AutoClose
    private final Receiver receiver = Receiver.start();

    private TestService service;
    private RedisServer redis;

    /** More settings, for the database. */
    abstract Map<String, String> variables() throws Exception;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.frozen(redis.client()).plant(0, 200, 100);
        service = TestService.start(home, variables());
        // The looks for scans on hold are the test's own.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> service.bean(JdbcClient.class)
                                .sql("update scheduled_tasks set execution_time = :never, version = version + 1"
                                        + " where task_name = 'held-watch' and not picked and last_success is not null")
                                .param("never", OffsetDateTime.parse("2100-01-01T00:00:00Z"))
                                .update()
                        == 1);
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
    }

    @Test
    void scans_thatEnd_areTold() {
        Credentials team = service.project("told");
        JsonNode hook = create(team, "{\"url\":\"" + receiver.url() + "\"}");
        String instanceId = service.register(team, "orders", redis.uri());
        String done = scan(team, instanceId);
        awaitDelivery(team, hook, "scan.finished");
        service.call(team, "PUT", "/api/v1/projects/" + team.projectId() + "/hold", "");
        String cancelled = scan(team, instanceId);
        service.call(team, "POST", "/api/v1/scans/" + cancelled + "/cancel", "{\"reason\":\"enough\"}");
        awaitDelivery(team, hook, "scan.failed");

        List<Receiver.Received> told = receiver.received().stream()
                .filter(notice -> notice.json().at("/data/projectId").asString().equals(team.projectId()))
                .toList();
        assertThat(told)
                .hasSize(2)
                .allMatch(notice -> notice.signedBy(hook.get("secret").asString()));
        JsonNode finished = told.getFirst().json();
        assertThat(finished.get("type").asString()).isEqualTo("scan.finished");
        assertThat(finished.at("/data/scanId").asString()).isEqualTo(done);
        assertThat(finished.at("/data/instanceId").asString()).isEqualTo(instanceId);
        assertThat(finished.at("/data/instanceName").asString()).isEqualTo("orders");
        assertThat(finished.at("/data/scanType").asString()).isEqualTo("manual");
        assertThat(finished.at("/data/num").asLong())
                .isEqualTo(service.call(team, "GET", "/api/v1/scans/" + done, "")
                        .body()
                        .get("reclaimed")
                        .asLong());
        assertThat(finished.at("/data/exact").asBoolean()).isTrue();
        JsonNode failed = told.getLast().json();
        assertThat(failed.at("/data/scanId").asString()).isEqualTo(cancelled);
        assertThat(failed.at("/data/failure").asString()).contains("enough");
    }

    @Test
    void scan_onHoldForLong_isToldOnceAHold() {
        Credentials team = service.project("held");
        JsonNode hook =
                create(team, "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.held\"],\"heldMinutes\":60}");
        String instanceId = service.register(team, "held", redis.uri());
        hold(team, "PUT");
        String scanId = scan(team, instanceId);
        watch(0).look();
        watch(59).look();
        assertThat(deliveries(team, hook).isEmpty()).isTrue();
        watch(61).look();
        watch(62).look();
        JsonNode notice = awaitDelivery(team, hook, "scan.held");
        assertThat(deliveries(team, hook).size()).isEqualTo(1);
        assertThat(notice.at("/data/scanId").asString()).isEqualTo(scanId);
        assertThat(notice.at("/data/hold").asString()).isEqualTo("paused by " + team.accessKey());
        assertThat(notice.at("/data/heldSince").asString()).isNotEmpty();

        // Another reason is no other hold; another scan has its own hour.
        pause(team, scanId);
        hold(team, "DELETE");
        watch(63).look();
        assertThat(deliveries(team, hook).size()).isEqualTo(1);
        hold(team, "PUT");
        service.call(team, "POST", "/api/v1/scans/" + scanId + "/cancel", "");
        watch(64).look();
        assertThat(service.bean(LongHoldStore.class).seen()).doesNotContainKey(UUID.fromString(scanId));
        String second = scan(team, instanceId);
        watch(65).look();
        watch(124).look();
        assertThat(deliveries(team, hook).size()).isEqualTo(1);
        watch(126).look();
        assertThat(deliveries(team, hook).size()).isEqualTo(2);
        service.call(team, "POST", "/api/v1/scans/" + second + "/cancel", "");
    }

    @Test
    void webhook_fromItsMakingToItsEnd() {
        Credentials team = service.project("crud");
        Answer made = service.call(
                team, "POST", "/api/v1/webhooks", "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.failed\"]}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("ETag")).isEqualTo("\"0\"");
        String path = "/api/v1/webhooks/" + made.body().get("id").asString();
        assertThat(made.header("Location")).isEqualTo(path);
        String secret = made.body().get("secret").asString();
        assertThat(secret).startsWith("whsec_");

        JsonNode shown = service.call(team, "GET", path, "").body();
        assertThat(shown.has("secret")).isFalse();
        assertThat(shown.get("createdBy").asString()).isEqualTo(team.accessKey());
        assertThat(shown.get("heldMinutes").asInt()).isEqualTo(60);
        assertThat(service.call(team, "GET", "/api/v1/webhooks", "").body().get(0))
                .isEqualTo(shown);

        String change = "{\"url\":\"" + receiver.url() + "\",\"heldMinutes\":5}";
        Answer updated = put(team, path, change, "\"0\"");
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.header("ETag")).isEqualTo("\"1\"");
        assertThat(updated.body().get("events").size()).isEqualTo(4);
        Answer stale = put(team, path, change, "\"0\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body().get("detail").asString())
                .isEqualTo("If-Match is \"0\", must be the ETag that the webhook has now, \"1\".");
        assertThat(put(team, path, change, "yesterday").status()).isEqualTo(400);

        Answer rotated = service.call(team, "POST", path + "/secret", "");
        assertThat(rotated.body().get("secret").asString()).startsWith("whsec_").isNotEqualTo(secret);
        assertThat(rotated.body().has("oldSecretUntil")).isTrue();

        assertThat(service.call(team, "DELETE", path, "").status()).isEqualTo(204);
        Answer gone = service.call(team, "GET", path, "");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body().get("code").asString()).isEqualTo("DCS.4930");
    }

    @Test
    void webhook_sentAgainWithItsKey_isMadeOnce() {
        Credentials team = service.project("once");
        String document = "{\"url\":\"" + receiver.url() + "\"}";
        Answer made = post(team, document, "hook/1");
        Answer again = post(team, document, "hook/1");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(made.body());
        assertThat(service.call(team, "GET", "/api/v1/webhooks", "").body()).hasSize(1);
        assertThat(post(team, document.replace("}", ",\"heldMinutes\":1}"), "hook/1")
                        .status())
                .isEqualTo(422);
    }

    private Answer post(Credentials caller, String body, String idempotencyKey) {
        Map<String, String> headers =
                new HashMap<>(Map.of("Content-Type", "application/json", "Idempotency-Key", idempotencyKey));
        return service.send(
                "POST", "/api/v1/webhooks", service.sign(caller, "POST", "/api/v1/webhooks", headers, body), body);
    }

    @Test
    void webhook_ofAnotherProject_looksLikeNone() {
        Credentials team = service.project("mine");
        Credentials other = service.project("yours");
        String path = "/api/v1/webhooks/"
                + create(team, "{\"url\":\"" + receiver.url() + "\"}").get("id").asString();
        for (String[] call : List.<String[]>of(
                new String[] {"GET", path},
                new String[] {"DELETE", path},
                new String[] {"POST", path + "/secret"},
                new String[] {"POST", path + "/test"},
                new String[] {"GET", path + "/deliveries"},
                new String[] {"POST", path + "/deliveries/" + UUID.randomUUID() + "/redeliver"})) {
            assertThat(service.call(other, call[0], call[1], "").status())
                    .as(call[1])
                    .isEqualTo(404);
        }
        assertThat(service.call(other, "GET", "/api/v1/webhooks", "").body().isEmpty())
                .isTrue();
        assertThat(service.call(team, "GET", path, "").status()).isEqualTo(200);
    }

    @Test
    void test_showsWhatCameOfAPing_andItCanBeRedelivered() {
        Credentials team = service.project("ping");
        JsonNode hook = create(team, "{\"url\":\"" + receiver.url() + "\"}");
        String path = "/api/v1/webhooks/" + hook.get("id").asString();
        JsonNode delivered = service.call(team, "POST", path + "/test", "").body();
        assertThat(delivered.get("state").asString()).isEqualTo("delivered");
        Receiver.Received ping = byId(delivered.get("id").asString()).getFirst();
        assertThat(ping.type()).isEqualTo("ping");
        assertThat(ping.signedBy(hook.get("secret").asString())).isTrue();

        Credentials dead = service.project("dead");
        String nowhere = "/api/v1/webhooks/"
                + create(dead, "{\"url\":\"http://127.0.0.1:9/\"}").get("id").asString();
        JsonNode failed = service.call(dead, "POST", nowhere + "/test", "").body();
        assertThat(failed.get("state").asString()).isEqualTo("dead");
        assertThat(failed.get("attempts").asInt()).isEqualTo(1);
        assertThat(failed.get("error").asString()).startsWith("nothing listens there");
        assertThat(service.call(dead, "GET", nowhere + "/deliveries?state=dead", "")
                        .body()
                        .get(0))
                .isEqualTo(failed);
        assertThat(service.call(dead, "GET", nowhere + "/deliveries?state=lost", "")
                        .body()
                        .get("detail")
                        .asString())
                .isEqualTo("state is 'lost', must be one of pending, delivered, dead.");
        assertThat(put(dead, nowhere, "{\"url\":\"" + receiver.url() + "\"}", null)
                        .status())
                .isEqualTo(200);
        String delivery = nowhere + "/deliveries/" + failed.get("id").asString();
        assertThat(service.call(dead, "POST", delivery + "/redeliver", "")
                        .body()
                        .get("state")
                        .asString())
                .isEqualTo("pending");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> service.call(dead, "GET", delivery, "")
                        .body()
                        .get("state")
                        .asString()
                        .equals("delivered"));
        assertThat(byId(failed.get("id").asString())).hasSize(1);
    }

    @Test
    void webhook_withoutTheAction_isRefused() {
        Credentials admin = service.administrator();
        JsonNode key = service.call(
                        admin,
                        "POST",
                        "/api/v1/projects/" + admin.projectId() + "/access-keys",
                        "{\"actions\":[\"dcs:instance:analyze\"]}")
                .body();
        Credentials limited = new Credentials(
                admin.projectId(),
                key.get("accessKey").asString(),
                key.get("secretKey").asString());
        Answer refused = service.call(limited, "GET", "/api/v1/webhooks", "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().get("title").asString()).contains("keysweep:webhook:manage");
    }

    private List<Receiver.Received> byId(String id) {
        return receiver.received().stream()
                .filter(received -> received.id().equals(id))
                .toList();
    }

    private JsonNode create(Credentials key, String body) {
        Answer made = service.call(key, "POST", "/api/v1/webhooks", body);
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made.body();
    }

    private String scan(Credentials key, String instanceId) {
        Answer made = service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}");
        assertThat(made.status()).as(made.response().body()).isEqualTo(201);
        return made.body().get("id").asString();
    }

    private void hold(Credentials key, String method) {
        service.call(key, method, "/api/v1/projects/" + key.projectId() + "/hold", "");
    }

    private void pause(Credentials key, String scanId) {
        service.call(key, "POST", "/api/v1/scans/" + scanId + "/pause", "");
    }

    private Answer put(Credentials key, String path, String body, @Nullable String ifMatch) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
        if (ifMatch != null) {
            headers.put("If-Match", ifMatch);
        }
        return service.send("PUT", path, service.sign(key, "PUT", path, headers, body), body);
    }

    private JsonNode deliveries(Credentials key, JsonNode hook) {
        return service.call(key, "GET", "/api/v1/webhooks/" + hook.get("id").asString() + "/deliveries", "")
                .body();
    }

    /** The notice, once it is delivered. */
    private JsonNode awaitDelivery(Credentials key, JsonNode hook, String type) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            JsonNode newest = deliveries(key, hook).path(0);
            return newest.path("type").asString("").equals(type)
                    && newest.path("state").asString("").equals("delivered");
        });
        return byId(deliveries(key, hook).get(0).get("id").asString())
                .getFirst()
                .json();
    }

    /** The watch of the service, some minutes into three hours that are over, so that what it tells is due. */
    private LongHoldNotices watch(int minutes) {
        return new LongHoldNotices(
                service.bean(LongHoldStore.class),
                service.bean(ScanStore.class),
                service.bean(InstructionStore.class),
                service.bean(Outbox.class),
                service.bean(TransactionTemplate.class),
                () -> InstantSource.system()
                        .instant()
                        .minus(Duration.ofHours(3))
                        .plus(Duration.ofMinutes(minutes)));
    }
}
