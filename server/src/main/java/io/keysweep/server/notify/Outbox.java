package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes notices to the database and schedules their delivery, in the transaction of the event that they report.
 *
 * <p>A crash therefore loses no notice, and no notice reports an event that was rolled back. Safe for use by several
 * threads.
 */
@Component
class Outbox {

    private final DeliveryStore store;
    private final DeliveryExecutions executions;
    private final JsonMapper json;

    Outbox(DeliveryStore store, DeliveryExecutions executions, JsonMapper json) {
        this.store = store;
        this.executions = executions;
        this.json = json;
    }

    /** Adds one delivery of the notice for each webhook, the first attempt being due at once. */
    void add(List<UUID> webhooks, NoticeType type, Instant at, Notice.Data data) {
        String body = body(type, at, data);
        for (UUID webhook : webhooks) {
            Delivery delivery = Delivery.pending(webhook, type, body, at);
            store.insert(delivery);
            executions.schedule(delivery, at);
        }
    }

    /** Returns the JSON document of a notice. */
    String body(NoticeType type, Instant at, Notice.Data data) {
        return json.writeValueAsString(new Notice(type.wireName(), at, data));
    }
}
