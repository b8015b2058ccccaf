package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookDocument;
import io.keysweep.api.WebhookView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a service is asked about webhooks. */
final class WebhookCalls {

    private static final String ALL = "/api/v1/webhooks";

    private final ServiceClient client;

    WebhookCalls(ServiceClient client) {
        this.client = client;
    }

    List<WebhookView> list() throws InterruptedException {
        return List.of(client.ask("GET", ALL, null, WebhookView[].class));
    }

    WebhookView get(String id) throws InterruptedException {
        return client.ask("GET", one(id), null, WebhookView.class);
    }

    WebhookView create(WebhookDocument document) throws InterruptedException {
        return client.ask("POST", ALL, document, WebhookView.class);
    }

    /** Only if it still has that version. */
    WebhookView update(String id, WebhookDocument document, int version) throws InterruptedException {
        return client.ask(
                "PUT",
                one(id),
                document,
                WebhookView.class,
                Map.of("If-Match", "\"" + version + "\""),
                ServiceClient.ANSWER_TIMEOUT);
    }

    void delete(String id) throws InterruptedException {
        client.tell("DELETE", one(id));
    }

    DeliveryView test(String id) throws InterruptedException {
        return client.ask("POST", one(id) + "/test", null, DeliveryView.class);
    }

    WebhookView rotate(String id) throws InterruptedException {
        return client.ask("POST", one(id) + "/secret", null, WebhookView.class);
    }

    List<DeliveryView> deliveries(String id, @Nullable String state, int limit) throws InterruptedException {
        return List.of(client.ask(
                "GET",
                one(id) + "/deliveries?limit=" + limit
                        + (state == null ? "" : "&state=" + ServiceClient.segment(state)),
                null,
                DeliveryView[].class));
    }

    DeliveryView redeliver(String id, String deliveryId) throws InterruptedException {
        return client.ask(
                "POST",
                one(id) + "/deliveries/" + ServiceClient.segment(deliveryId) + "/redeliver",
                null,
                DeliveryView.class);
    }

    private static String one(String id) {
        return ALL + "/" + ServiceClient.segment(id);
    }
}
