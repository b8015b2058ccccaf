package io.keysweep.server.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Answer;
import io.keysweep.testkit.KeySpace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tests in the native API how instances are registered, and how their servers are inspected before. */
class InstancesIT extends InstancesTestCase {

    @Test
    void registration_thatIsRepeatedWithItsIdempotencyKey_createsOneInstance() {
        ObjectNode body = body("again", redis.uri());
        Answer first = register(body.toString());
        Answer second = register(body.toString());

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().get("id")).isEqualTo(first.body().get("id"));
        assertThat(first.header("Location")).isEqualTo(INSTANCES + "/" + first.id());
        assertThat(first.header("ETag")).isEqualTo("\"1\"");

        // Without the key, the name is in use. The key cannot be used for another body.
        assertThat(service.call(key, "POST", INSTANCES, body.toString()).status())
                .isEqualTo(409);
        assertThat(register(body("again2", redis.uri()).toString()).status()).isEqualTo(422);

        // The instance was removed, so the key can be used for another registration.
        service.call(key, "DELETE", INSTANCES + "/" + first.id(), "");
        Answer third = register(body.toString());
        assertThat(third.status()).isEqualTo(201);
        assertThat(third.id()).isNotEqualTo(first.id());
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
        assertThat(refused.fieldProblems())
                .hasSize(5)
                .anyMatch(error -> error.startsWith("passwort is unknown; known are assist, id, name, nodeMap"))
                .anyMatch(error -> error.startsWith("name is '', must be a text of 1 to 64 characters"))
                .anyMatch(error -> error.startsWith("uri: the scheme is 'http', must be redis://"))
                .anyMatch(error -> error.startsWith("nodeMap: the node map has 'x', must be ANNOUNCED=REACHABLE"))
                .anyMatch(error -> error.startsWith("tlsCa holds no certificate, must be PEM"));
        assertThat(refused.response().body()).doesNotContain("pass-word");
        assertThat(service.call(key, "POST", INSTANCES, "{}").fieldProblems())
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

    /** Registers an instance with an idempotency key, the same one in each call. */
    private Answer register(String body) {
        return service.call(key, "POST", INSTANCES, body, Map.of("Idempotency-Key", "i/1"));
    }
}
