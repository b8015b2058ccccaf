package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes notices for delivery, in the transaction of what they tell: none is lost by a crash, and none tells what was
 * rolled back. Safe to share.
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

    /** Has the webhooks told. */
    void add(List<UUID> webhooks, NoticeType type, Instant at, Notice.Data data) {
        String body = body(type, at, data);
        for (UUID webhook : webhooks) {
            Delivery delivery = Delivery.pending(webhook, type, body, at);
            store.insert(delivery);
            executions.schedule(delivery, at);
        }
    }

    /** What is sent. */
    String body(NoticeType type, Instant at, Notice.Data data) {
        return json.writeValueAsString(new Notice(type.wireName(), at, data));
    }
}
