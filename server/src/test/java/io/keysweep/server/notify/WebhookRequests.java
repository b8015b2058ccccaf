package io.keysweep.server.notify;

import static io.keysweep.testkit.Waits.await;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sends requests to {@code /api/v1/webhooks} for tests, and waits for notices at the receiver. */
final class WebhookRequests {

    private final TestService service;
    private final Receiver receiver;

    WebhookRequests(TestService service, Receiver receiver) {
        this.service = service;
        this.receiver = receiver;
    }

    /** Creates a webhook and returns its JSON, with the secret. */
    JsonNode create(Credentials key, String body) {
        return service.call(key, "POST", "/api/v1/webhooks", body).created();
    }

    /** Creates a webhook with an idempotency key. */
    Answer post(Credentials caller, String body, String idempotencyKey) {
        return service.call(caller, "POST", "/api/v1/webhooks", body, Map.of("Idempotency-Key", idempotencyKey));
    }

    /** Replaces a webhook, with the condition {@code ifMatch} if that is not null. */
    Answer put(Credentials key, String path, String body, @Nullable String ifMatch) {
        return service.call(key, "PUT", path, body, ifMatch == null ? Map.of() : Map.of("If-Match", ifMatch));
    }

    /** Lists the deliveries to a webhook, the newest first. */
    JsonNode deliveries(Credentials key, JsonNode hook) {
        return service.call(key, "GET", "/api/v1/webhooks/" + hook.get("id").asString() + "/deliveries", "")
                .body();
    }

    /** Waits until the newest delivery is a delivered one of that type, and returns the notice received. */
    JsonNode awaitDelivery(Credentials key, JsonNode hook, String type) {
        await("a notice of " + type + " is delivered").until(() -> {
            JsonNode newest = deliveries(key, hook).path(0);
            return newest.path("type").asString("").equals(type)
                    && newest.path("state").asString("").equals("delivered");
        });
        return receivedUnder(deliveries(key, hook).get(0).get("id").asString())
                .getFirst()
                .json();
    }

    /** Returns the requests that the receiver got under one delivery id. */
    List<Receiver.Received> receivedUnder(String id) {
        return receiver.received().stream()
                .filter(received -> received.id().equals(id))
                .toList();
    }
}
