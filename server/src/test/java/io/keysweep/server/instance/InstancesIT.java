package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.request.IdempotencyStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests instances in the native API: registration, changes, and inspections before a registration. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstancesIT {

    private static final JsonMapper JSON = new JsonMapper();
    /** The password of the guarded server. */
    private static final String PASSWORD = "secret one";

    private static final String INSTANCES = "/api/v1/instances";

    private TestService service;
    private Credentials key;
    private RedisServer redis;
    private RedisServer guarded;

    @BeforeAll
    void start(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("instances");
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        guarded = RedisServer.start(RedisVersion.REDIS_7_0, "--requirepass", PASSWORD);
    }

    @AfterAll
    void stop() {
        redis.close();
        guarded.close();
    }

    @Test
    void registration_thatIsRepeatedWithItsIdempotencyKey_createsOneInstance() {
        ObjectNode body = body("again", redis.uri());
        Answer first = send("POST", INSTANCES, body.toString(), "Idempotency-Key", "i/1");
        Answer second = send("POST", INSTANCES, body.toString(), "Idempotency-Key", "i/1");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().get("id")).isEqualTo(first.body().get("id"));
        assertThat(first.header("Location")).isEqualTo(INSTANCES + "/" + id(first));
        assertThat(first.header("ETag")).isEqualTo("\"1\"");

        // Without the key, the name is in use. The key cannot be used for another body.
        assertThat(service.call(key, "POST", INSTANCES, body.toString()).status())
                .isEqualTo(409);
        assertThat(send("POST", INSTANCES, body("again2", redis.uri()).toString(), "Idempotency-Key", "i/1")
                        .status())
                .isEqualTo(422);

        // The instance was removed, so the key can be used for another registration.
        service.call(key, "DELETE", INSTANCES + "/" + id(first), "");
        Answer third = send("POST", INSTANCES, body.toString(), "Idempotency-Key", "i/1");
        assertThat(third.status()).isEqualTo(201);
        assertThat(id(third)).isNotEqualTo(id(first));
    }

    @Test
    void changeOfOneField_keepsTheOthersAndThePassword() {
        String path = INSTANCES + "/"
                + service.register(key, body("named", guarded.uri()).put("password", PASSWORD));
        Answer renamed = patch(path, "{\"name\":\"renamed\"}", "\"1\"");

        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
        assertThat(renamed.body().get("name").asString()).isEqualTo("renamed");
        assertThat(renamed.body().get("hasPassword").asBoolean()).isTrue();
        assertThat(renamed.body().has("problem")).isFalse();
        assertThat(renamed.body().get("updatedAt").asString()).isNotBlank();
        assertThat(renamed.response().body()).doesNotContain(PASSWORD);

        // A stale revision is refused. A change to the same values keeps the revision.
        assertThat(patch(path, "{\"name\":\"x\"}", "\"1\"").status()).isEqualTo(412);
        assertThat(patch(path, "{\"name\":\"renamed\"}", "*").header("ETag")).isEqualTo("\"2\"");
        assertThat(patch(path, "{\"password\":\"wrong\"}", "*")
                        .body()
                        .get("problem")
                        .asString())
                .contains("password");

        Answer changed = patch(path, "{\"password\":null}", "*");
        assertThat(changed.body().get("hasPassword").asBoolean()).isFalse();
    }

    @Test
    void changeOfTheUri_thatKeepsThePassword_isRefused_soThatNoOtherServerGetsIt() {
        String path = INSTANCES + "/"
                + service.register(key, body("moved", guarded.uri()).put("password", PASSWORD));
        Answer refused = patch(path, "{\"uri\":\"" + redis.uri() + "\"}", "*");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(errors(refused))
                .containsExactly(
                        "password is kept, but a change of uri could give it to another server: send it again, or"
                                + " remove it.");

        // The change is accepted if it removes the password, or contains it.
        Answer moved = patch(path, "{\"uri\":\"" + redis.uri() + "\",\"password\":null}", "*");
        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.body().get("uri").asString()).isEqualTo(redis.uri());
        assertThat(moved.body().has("problem")).isFalse();

        String uriWithPassword = guarded.uri().replace("redis://", "redis://:secret%20one@");
        assertThat(patch(path, "{\"uri\":\"" + uriWithPassword + "\"}", "*")
                        .body()
                        .has("problem"))
                .isFalse();
    }

    @Test
    void changeOfTheAddress_whileAScanIsActive_isRefused_butTheNameCanBeChanged() {
        Credentials teamKey = service.project("busy instances");
        String id = service.register(teamKey, "busy", redis.uri());
        service.call(teamKey, "PUT", "/api/v1/projects/" + teamKey.projectId() + "/hold", "");
        service.call(teamKey, "POST", "/api/v1/scans", "{\"instanceId\":\"" + id + "\"}");
        Answer changeOfAddress =
                service.call(teamKey, "PATCH", INSTANCES + "/" + id, "{\"uri\":\"" + guarded.uri() + "\"}");

        assertThat(changeOfAddress.status()).isEqualTo(409);
        assertThat(changeOfAddress.body().get("code").asString()).isEqualTo(ErrorCode.INSTANCE_BUSY.code());
        assertThat(service.call(teamKey, "PATCH", INSTANCES + "/" + id, "{\"name\":\"still busy\"}")
                        .status())
                .isEqualTo(200);
    }

    /** Assist raises settings of a server for a while. The service needs the address to restore them. */
    @Test
    void changeOfTheAddress_whileSettingsAreRaised_isRefusedForAnHour() {
        String id = service.register(key, "raised", redis.uri());
        Instant since = service.bean(InstantSource.class).instant().truncatedTo(ChronoUnit.MILLIS);
        JdbcClient jdbc = service.bean(JdbcClient.class);
        jdbc.sql("""
                        insert into raised_settings (address, instance_id, scan_id, round, node_id, attempt, in_use,
                            deployment, run_id, since, changes)
                        values ('192.0.2.1:6379', :id, :id, 1, 'n', 1, false, 'elsewhere', '0f', :since, 'hz 10 500')
                        """)
                .param("id", UUID.fromString(id))
                .param("since", since.atOffset(ZoneOffset.UTC))
                .update();

        String changeOfAddress = "{\"uri\":\"" + guarded.uri() + "\"}";
        String reason = "uri or nodeMap differs, but assist has raised settings of 192.0.2.1:6379: the service restores"
                + " them as soon as that server answers. The change is possible then, and in any case from "
                + since.plus(Duration.ofHours(1)) + " on.";

        Answer refused = service.call(key, "PATCH", INSTANCES + "/" + id, changeOfAddress);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(errors(refused)).containsExactly(reason);

        // A fleet document cannot change the address either. Other changes are accepted.
        Answer fleet = service.call(
                key,
                "POST",
                INSTANCES + "/apply?dryRun=true",
                "{\"instances\":[{\"name\":\"raised\",\"uri\":\"" + guarded.uri() + "\"}]}");
        assertThat(fleet.status()).isEqualTo(400);
        assertThat(errors(fleet)).singleElement().asString().endsWith(reason);
        assertThat(service.call(key, "PATCH", INSTANCES + "/" + id, "{\"name\":\"still raised\"}")
                        .status())
                .isEqualTo(200);

        // After an hour, the address can be changed.
        jdbc.sql("update raised_settings set since = :since where instance_id = :id")
                .param("since", since.minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
                .param("id", UUID.fromString(id))
                .update();
        assertThat(service.call(key, "PATCH", INSTANCES + "/" + id, changeOfAddress)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void removalOfAnInstance_whileAScanIsBeingCreated_refusesTheCreation() throws InterruptedException {
        Instance instance = stored(service.register(key, "removed while scanned", redis.uri()));
        Scans scans = service.bean(Scans.class);
        AtomicBoolean created = new AtomicBoolean();
        Thread creation = new Thread(() -> {
            scans.create(
                    instance, ScanType.MANUAL, "test", /* why= */ null, Duration.ofHours(1), /* rateCeiling= */ null);
            created.set(true);
        });

        // The creation is refused, as it should be. Without this handler, the JVM would print the exception.
        creation.setUncaughtExceptionHandler((thread, refusal) -> {});
        InstanceChanges changes = new InstanceChanges(
                service.bean(InstanceStore.class),
                service.bean(IdempotencyStore.class),
                id -> {
                    boolean exists = scans.exists(id);
                    creation.start();
                    // The creation waits for the lock of this removal, or has done its work.
                    Waits.await("the creation of the scan waits or has ended")
                            .until(() -> !creation.isAlive() || isWaiting(creation));
                    return exists;
                },
                service.bean(RaisedServers.class),
                service.bean(EgressGate.class),
                service.bean(TransactionTemplate.class),
                service.bean(ServiceSettings.class),
                service.bean(InstantSource.class));

        changes.remove(instance);

        creation.join();
        assertThat(service.bean(InstanceStore.class).find(instance.id())).isEmpty();
        assertThat(created).isFalse();
    }

    @Test
    void inspection_ofTheFormerAddress_endingAfterAChange_keepsTheNewResult() {
        Instance before = stored(service.register(key, "moved while inspected", guarded.uri()));
        assertThat(patch(INSTANCES + "/" + before.id(), "{\"uri\":\"" + redis.uri() + "\"}", "*")
                        .status())
                .isEqualTo(200);

        service.bean(Instances.class).refresh(before);

        InstanceObservation result =
                Objects.requireNonNull(stored(before.id().toString()).observation());
        assertThat(result.problem()).isNull();
    }

    @Test
    void registration_withSeveralProblems_isRefused_withAllOfThem() {
        Answer refused = service.call(
                key,
                "POST",
                INSTANCES,
                "{\"name\":\"\",\"uri\":\"http://u:pass-word@h\",\"nodeMap\":\"x\",\"tlsCa\":\"none\","
                        + "\"passwort\":\"p\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(errors(refused))
                .hasSize(5)
                .anyMatch(error -> error.startsWith("passwort is unknown; known are assist, id, name, nodeMap"))
                .anyMatch(error -> error.startsWith("name is '', must be a text of 1 to 64 characters"))
                .anyMatch(error -> error.startsWith("uri: the scheme is 'http', must be redis://"))
                .anyMatch(error -> error.startsWith("nodeMap: the node map has 'x', must be ANNOUNCED=REACHABLE"))
                .anyMatch(error -> error.startsWith("tlsCa holds no certificate, must be PEM"));
        assertThat(refused.response().body()).doesNotContain("pass-word");
        assertThat(errors(service.call(key, "POST", INSTANCES, "{}")))
                .containsExactly(
                        "name is missing, must be 1 to 64 characters.",
                        "uri is missing, must be redis://host:port, at most 4000 characters.");
    }

    @Test
    void connectionTest_reportsWhetherTheServerCanBeSwept_andStoresNoInstance() {
        // This server can be swept.
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 50, /* dead= */ 0);
        Answer accepted = service.call(
                key, "POST", INSTANCES + "/test", body("tried", redis.uri()).toString());
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.body().get("sweepable").asBoolean()).isTrue();

        JsonNode primary = accepted.body().get("primaries").get(0);
        assertThat(primary.get("nodeId").asString()).isEqualTo("127.0.0.1:" + redis.port());
        assertThat(primary.get("version").asString()).startsWith("7.0");
        assertThat(primary.get("method").asString()).startsWith("script");
        assertThat(primary.get("keys").asLong()).isGreaterThanOrEqualTo(50);

        // The guarded server demands a password, which the settings do not have.
        Answer rejected = service.call(
                key, "POST", INSTANCES + "/test", body("tried", guarded.uri()).toString());
        assertThat(rejected.status()).isEqualTo(200);
        assertThat(rejected.body().get("sweepable").asBoolean()).isFalse();
        assertThat(rejected.body().get("problem").asString()).contains("password");
        assertThat(service.call(key, "GET", INSTANCES, "").response().body()).doesNotContain("tried");

        // The test of a registered instance uses its stored password.
        String id = service.register(key, body("tried again", guarded.uri()).put("password", PASSWORD));
        assertThat(service.call(key, "POST", INSTANCES + "/" + id + "/test", "")
                        .body()
                        .get("sweepable")
                        .asBoolean())
                .isTrue();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING;
    }

    private Instance stored(String id) {
        return service.bean(InstanceStore.class).find(UUID.fromString(id)).orElseThrow();
    }

    private static List<String> errors(Answer answer) {
        return answer.body().get("errors").values().stream()
                .map(error -> error.get("detail").asString())
                .toList();
    }

    private static ObjectNode body(String name, String uri) {
        return JSON.createObjectNode().put("name", name).put("uri", uri);
    }

    private static String id(Answer answer) {
        return answer.body().get("id").asString();
    }

    private Answer patch(String path, String body, String ifMatch) {
        return send("PATCH", path, body, "If-Match", ifMatch);
    }

    private Answer send(String method, String path, String body, String header, String value) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json", header, value));
        return service.send(method, path, service.sign(key, method, path, headers, body), body);
    }
}
