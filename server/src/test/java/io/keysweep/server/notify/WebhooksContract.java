package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tests {@code /api/v1/webhooks} of the whole service, with a real receiver.
 *
 * <p>The base class provides {@code service}, {@code receiver}, and {@code hooks}, which sends requests about webhooks.
 */
@ExtendWith(SharedServicesResolver.class)
abstract class WebhooksContract extends WebhooksTestCase {

    /** Returns the service on the database of the tests. */
    abstract TestService choose(SharedServices services);

    @BeforeAll
    void start(SharedServices services) {
        use(choose(services));
    }

    @Test
    void webhook_fromItsCreationToItsDeletion_isShownWithoutItsSecret() {
        // The answer to the creation contains the secret.
        Credentials teamKey = service.project("webhooks crud");
        Answer created = service.call(
                teamKey,
                "POST",
                "/api/v1/webhooks",
                "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.failed\"]}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("ETag")).isEqualTo("\"0\"");

        String path = "/api/v1/webhooks/" + created.id();
        assertThat(created.header("Location")).isEqualTo(path);

        String secret = created.body().get("secret").asString();
        assertThat(secret).startsWith("whsec_");

        // Later answers do not contain the secret.
        JsonNode shown = service.call(teamKey, "GET", path, "").body();
        assertThat(shown.has("secret")).isFalse();
        assertThat(shown.get("createdBy").asString()).isEqualTo(teamKey.accessKey());
        assertThat(shown.get("heldMinutes").asInt()).isEqualTo(60);
        assertThat(service.call(teamKey, "GET", "/api/v1/webhooks", "").body().get(0))
                .isEqualTo(shown);

        // A change with the present ETag replaces the webhook. It names no events, so the webhook gets all five.
        String change = "{\"url\":\"" + receiver.url() + "\",\"heldMinutes\":5}";
        Answer updated = hooks.put(teamKey, path, change, "\"0\"");

        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.header("ETag")).isEqualTo("\"1\"");
        assertThat(updated.body().get("events").size()).isEqualTo(5);

        // A change with a stale or malformed ETag is refused.
        Answer stale = hooks.put(teamKey, path, change, "\"0\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.body().get("detail").asString())
                .isEqualTo("If-Match is \"0\", but the current ETag of the webhook is \"1\".");
        assertThat(hooks.put(teamKey, path, change, "yesterday").status()).isEqualTo(400);

        // The webhook gets another secret, and is then deleted.
        Answer rotated = service.call(teamKey, "POST", path + "/secret", "");
        assertThat(rotated.body().get("secret").asString()).startsWith("whsec_").isNotEqualTo(secret);
        assertThat(rotated.body().has("oldSecretUntil")).isTrue();

        assertThat(service.call(teamKey, "DELETE", path, "").status()).isEqualTo(204);

        Answer deleted = service.call(teamKey, "GET", path, "");
        assertThat(deleted.status()).isEqualTo(404);
        assertThat(deleted.body().get("code").asString()).isEqualTo(ErrorCode.UNKNOWN_WEBHOOK.code());
    }

    @Test
    void create_repeatedWithItsIdempotencyKey_createsOneWebhook() {
        Credentials teamKey = service.project("webhooks once");
        String document = "{\"url\":\"" + receiver.url() + "\"}";
        Answer created = hooks.post(teamKey, document, "hook/1");
        Answer repeated = hooks.post(teamKey, document, "hook/1");

        assertThat(repeated.status()).isEqualTo(201);

        // A repeated request shows neither the first secret nor the secret of a later rotation.
        service.call(teamKey, "POST", "/api/v1/webhooks/" + created.id() + "/secret", "");
        assertThat(created.body().has("secret")).isTrue();
        assertThat(repeated.body()).isEqualTo(((ObjectNode) created.body()).without("secret"));
        assertThat(hooks.post(teamKey, document, "hook/1").body().has("secret")).isFalse();
        assertThat(service.call(teamKey, "GET", "/api/v1/webhooks", "").body()).hasSize(1);
        assertThat(hooks.post(teamKey, document.replace("}", ",\"heldMinutes\":1}"), "hook/1")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void webhook_ofAnotherProject_isNotFound() {
        Credentials teamKey = service.project("webhooks mine");
        Credentials otherTeam = service.project("webhooks yours");
        String path = "/api/v1/webhooks/"
                + hooks.create(teamKey, "{\"url\":\"" + receiver.url() + "\"}")
                        .get("id")
                        .asString();

        for (String[] call : List.<String[]>of(
                new String[] {"GET", path},
                new String[] {"DELETE", path},
                new String[] {"POST", path + "/secret"},
                new String[] {"POST", path + "/test"},
                new String[] {"GET", path + "/deliveries"},
                new String[] {"POST", path + "/deliveries/" + UUID.randomUUID() + "/redeliver"})) {
            assertThat(service.call(otherTeam, call[0], call[1], "").status())
                    .as(call[1])
                    .isEqualTo(404);
        }
        assertThat(service.call(otherTeam, "GET", "/api/v1/webhooks", "").body().isEmpty())
                .isTrue();
        assertThat(service.call(teamKey, "GET", path, "").status()).isEqualTo(200);
    }

    @Test
    void create_beyondTheMaximumOfWebhooks_isRefused() {
        Credentials teamKey = service.project("webhooks many");
        String hook = "{\"url\":\"http://127.0.0.1:9/\",\"enabled\":false}";
        for (int i = 0; i < Webhooks.MAX_WEBHOOKS; i++) {
            hooks.create(teamKey, hook);
        }
        Answer refused = service.call(teamKey, "POST", "/api/v1/webhooks", hook);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("code").asString()).isEqualTo(ErrorCode.QUOTA_REACHED.code());
        assertThat(refused.body().get("detail").asString()).contains("A project can have 100 webhooks at most.");
    }

    @Test
    void list_withoutTheActionForWebhooks_isRefused() {
        Credentials admin = service.newAdministrator("webhooks");
        Credentials limited = service.newKey(admin, admin.projectId(), "{\"actions\":[\"dcs:instance:analyze\"]}");
        Answer refused = service.call(limited, "GET", "/api/v1/webhooks", "");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().get("title").asString()).contains("keysweep:webhook:manage");
    }
}
