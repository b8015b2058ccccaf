package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookDocument;
import io.keysweep.api.WebhookView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of the native API ({@code /api/v1}) for webhooks and their deliveries.
 *
 * <p>A webhook is a URL that receives the events of a project. A delivery brings one notice, the message about an
 * event, to one webhook. Each method waits for the answer and returns it. Errors are reported as {@link ServiceClient}
 * describes.
 */
final class WebhookCalls {

    private static final String WEBHOOKS = "/api/v1/webhooks";

    private final ServiceClient client;

    WebhookCalls(ServiceClient client) {
        this.client = client;
    }

    List<WebhookView> list() throws InterruptedException {
        return List.of(client.get(WEBHOOKS, WebhookView[].class));
    }

    WebhookView get(String id) throws InterruptedException {
        return client.get(path(id), WebhookView.class);
    }

    /**
     * Creates a webhook. The answer contains its secret, which no later answer shows; {@link #rotateSecret} replaces
     * it.
     */
    WebhookView create(WebhookDocument document) throws InterruptedException {
        return client.call("POST", WEBHOOKS, document, WebhookView.class);
    }

    /** Replaces the settings of a webhook, or fails if the webhook no longer has the given version. */
    WebhookView update(String id, WebhookDocument document, int version) throws InterruptedException {
        return client.call("PUT", path(id), document, WebhookView.class, ServiceClient.ifMatch(version));
    }

    void delete(String id) throws InterruptedException {
        client.delete(path(id));
    }

    /** Lets the service send one ping, and returns the result of this delivery. */
    DeliveryView test(String id) throws InterruptedException {
        return client.post(path(id) + "/test", DeliveryView.class);
    }

    /**
     * Gives a webhook a new secret. Only this answer contains it. For a while, notices are signed with both secrets.
     */
    WebhookView rotateSecret(String id) throws InterruptedException {
        return client.post(path(id) + "/secret", WebhookView.class);
    }

    /**
     * Returns the deliveries of a webhook, the newest first.
     *
     * @param state {@code pending}, {@code delivered} or {@code dead}; null for all
     * @param limit maximum number of deliveries
     */
    List<DeliveryView> deliveries(String id, @Nullable String state, int limit) throws InterruptedException {
        String path = path(id) + "/deliveries?limit=" + limit
                + (state == null ? "" : "&state=" + ServiceClient.segment(state));
        return List.of(client.get(path, DeliveryView[].class));
    }

    /** Lets the service deliver a notice again, under the same id. */
    DeliveryView redeliver(String id, String deliveryId) throws InterruptedException {
        String path = path(id) + "/deliveries/" + ServiceClient.segment(deliveryId) + "/redeliver";
        return client.post(path, DeliveryView.class);
    }

    private static String path(String id) {
        return WEBHOOKS + "/" + ServiceClient.segment(id);
    }
}
