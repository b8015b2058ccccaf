package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.request.IdempotencyStore;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.scan.Scans;
import io.keysweep.testkit.Waits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests rules for instances in the native API that need no server: broken documents, tags, and a simultaneous removal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstanceChangesIT {

    private static final String NOWHERE = "redis://127.0.0.1:1";

    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
        key = service.administrator();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void tags_changedInTheNativeApi_areMergedAndRemoved() {
        Credentials team = service.project("tags-" + UUID.randomUUID());
        ObjectNode body =
                new JsonMapper().createObjectNode().put("name", "tagged").put("uri", NOWHERE);
        body.putObject("tags").put("env", "dev").put("owner", "x");
        String path = "/api/v1/instances/" + service.register(team, body);
        Answer merged = service.call(team, "PATCH", path, "{\"tags\":{\"env\":\"prod\",\"owner\":null,\"n\":\"1\"}}");
        assertThat(merged.body().get("tags").toString()).isEqualTo("{\"env\":\"prod\",\"n\":\"1\"}");
        assertThat(merged.header("ETag")).isEqualTo("\"2\"");
        assertThat(service.call(team, "PATCH", path, "{\"name\":\"renamed\"}")
                        .body()
                        .get("tags")
                        .toString())
                .isEqualTo("{\"env\":\"prod\",\"n\":\"1\"}");
        assertThat(service.call(team, "PATCH", path, "{\"tags\":null}")
                        .body()
                        .get("tags")
                        .toString())
                .isEqualTo("{}");
        String fleet = "{\"instances\":[{\"name\":\"renamed\",\"uri\":\"" + NOWHERE + "\",\"tags\":{\"env\":\"qa\"}}]}";
        Answer applied = service.call(team, "POST", "/api/v1/instances/apply", fleet);
        assertThat(applied.body().at("/changes/0/fields/0").asString()).isEqualTo("tags");
        assertThat(service.call(team, "POST", "/api/v1/instances/apply", fleet)
                        .body()
                        .at("/changes/0/action")
                        .asString())
                .isEqualTo("unchanged");
        assertThat(service.call(team, "GET", "/v2/" + team.projectId() + "/instances?tags=env=qa", "")
                        .body()
                        .get("instance_num")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"x\"                    | tags is",
                "[\"env\"]                | tags is",
                "{\"\":\"x\"}             | tags.",
                "{\" a\":\"x\"}           | tags. a",
                "{\"_sys_a\":\"x\"}       | tags._sys_a",
                "{\"a,b\":\"x\"}          | tags.a,b",
                "{\"a/b\":\"x\"}          | tags.a/b",
                "{\"a\":1}                | tags.a is '1'",
                "{\"a\":true}             | tags.a is 'true'",
                "{\"a\":\"x \"}           | tags.a is 'x '",
                "{\"a\":\"x,y\"}          | tags.a is 'x,y'",
                "{\"a\":\"<b>\"}          | tags.a is",
            })
    void tags_againstARule_areRefusedWithTheKey(String tags, String problem) {
        Answer refused = service.call(
                key,
                "POST",
                "/api/v1/instances",
                "{\"name\":\"bad\",\"uri\":\"" + NOWHERE + "\",\"tags\":" + tags + "}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().get("detail").asString()).contains(problem, "must be");
    }

    @Test
    void tags_atAndAboveTheLimits_areTakenAndRefused() {
        Credentials team = service.project("limits-" + UUID.randomUUID());
        ObjectNode body =
                new JsonMapper().createObjectNode().put("name", "limits").put("uri", NOWHERE);
        ObjectNode tags = body.putObject("tags");
        for (int i = 10; i < 30; i++) {
            tags.put("k".repeat(126) + i, "v".repeat(255));
        }
        String path = "/api/v1/instances/" + service.register(team, body);
        Answer oneMore = service.call(team, "PATCH", path, "{\"tags\":{\"more\":\"x\"}}");
        assertThat(oneMore.body().get("detail").asString()).isEqualTo("tags has 21 keys, must be at most 20.");
        for (String bad : new String[] {"k".repeat(129) + "\":\"x", "k\":\"" + "v".repeat(256)}) {
            assertThat(service.call(team, "PATCH", path, "{\"tags\":{\"" + bad + "\"}}")
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void badRegistration_isRefusedWithAllProblems() {
        Answer refused = service.call(
                key,
                "POST",
                "/api/v1/instances",
                "{\"name\":\"\",\"uri\":\"http://u:pass-word@h\",\"nodeMap\":\"x\",\"tlsCa\":\"none\",\"passwort\":\"p\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(errors(refused))
                .hasSize(5)
                .anyMatch(error -> error.startsWith("passwort is unknown; known are id, name, nodeMap"))
                .anyMatch(error -> error.startsWith("name is '', must be a text of 1 to 64 characters"))
                .anyMatch(error -> error.startsWith("uri: scheme is \"http\", must be redis://"))
                .anyMatch(error -> error.startsWith("nodeMap: node map has \"x\", must be announced=actual"))
                .anyMatch(error -> error.startsWith("tlsCa holds no certificate, must be PEM"));
        assertThat(refused.response().body()).doesNotContain("pass-word");
        assertThat(errors(service.call(key, "POST", "/api/v1/instances", "{}")))
                .containsExactly(
                        "name is missing, must be 1 to 64 characters.",
                        "uri is missing, must be redis://host:port, at most 4000 characters.");
    }

    @Test
    void remove_whileAScanIsCreated_removesTheInstanceOrKeepsItsScan() throws InterruptedException {
        Instance instance = service.bean(InstanceStore.class)
                .find(UUID.fromString(service.register(key, "removed while scanned", NOWHERE)))
                .orElseThrow();
        Scans scans = service.bean(Scans.class);
        AtomicBoolean created = new AtomicBoolean();
        Thread creation = new Thread(() -> {
            scans.create(instance, ScanType.MANUAL, "test", null, Duration.ofHours(1), null);
            created.set(true);
        });
        // Else it would be printed that the creation is refused, as it should be.
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
                service.bean(EgressGate.class),
                service.bean(TransactionTemplate.class),
                service.bean(InstantSource.class));

        changes.remove(instance);

        creation.join();
        assertThat(service.bean(InstanceStore.class).find(instance.id())).isEmpty();
        assertThat(created).isFalse();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING;
    }

    private static List<String> errors(Answer answer) {
        return answer.body().get("errors").values().stream()
                .map(error -> error.get("detail").asString())
                .toList();
    }
}
