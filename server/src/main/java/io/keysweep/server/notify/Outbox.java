package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes notices to the database and schedules their deliveries, in the transaction of the event that they report.
 *
 * <p>A notice is the message about one event; a delivery is one notice for one webhook. Because notice and event share
 * a transaction, a crash loses no notice, and no notice reports an event that was rolled back. {@link Deliveries} sends
 * the notices. Thread-safe.
 */
@Component
class Outbox {

    private final DeliveryStore store;
    private final WebhookStore webhookStore;
    private final DeliveryExecutions executions;
    private final JsonMapper json;

    Outbox(DeliveryStore store, WebhookStore webhookStore, DeliveryExecutions executions, JsonMapper json) {
        this.store = store;
        this.webhookStore = webhookStore;
        this.executions = executions;
        this.json = json;
    }

    /**
     * Adds one delivery for each webhook, except the webhooks that were removed in the meantime. The first attempts are
     * due immediately. Must be called in the transaction that stores the event.
     *
     * @param webhooks the ids of the webhooks
     * @param at when the event happened, in whole milliseconds
     * @param data the details of the event
     * @return the ids of the webhooks that get the notice
     */
    List<UUID> add(List<UUID> webhooks, NoticeType type, Instant at, Notice.Data data) {
        String body = body(type, at, data);
        // A delivery refers to its webhook. Without the lock, the removal of a webhook at this moment would make the
        // insert fail, and with it the transaction of the event.
        List<UUID> existingWebhooks = webhookStore.lock(webhooks);
        for (UUID webhook : existingWebhooks) {
            Delivery delivery = Delivery.pending(webhook, type, body, at);
            store.insert(delivery);
            executions.schedule(delivery, at);
        }
        return existingWebhooks;
    }

    /** Returns a notice as JSON. */
    String body(NoticeType type, Instant at, Notice.Data data) {
        return json.writeValueAsString(new Notice(type.wireName(), at, data));
    }
}
