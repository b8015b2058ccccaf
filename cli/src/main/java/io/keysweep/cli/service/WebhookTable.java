package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.output.Table;

/**
 * Describes the tables of webhooks and of their deliveries. A webhook is a URL that receives the events of a project; a
 * delivery brings the notice of one event to one webhook.
 */
final class WebhookTable {

    static final Table<WebhookView> WEBHOOKS = webhooks();

    /** The table of a webhook whose secret is new, and shown only once. */
    static final Table<WebhookView> WITH_SECRET = webhooks().column("SECRET", WebhookView::secret);

    static final Table<DeliveryView> DELIVERIES = Table.of(
                    "Nothing was sent to the webhook.", /* name= */ DeliveryView::id, /* id= */ DeliveryView::id)
            .column("ID", DeliveryView::id)
            .column("CREATED", DeliveryView::createdAt)
            .column("EVENT", DeliveryView::type)
            .column("STATE", DeliveryView::state)
            .column("ATTEMPTS", DeliveryView::attempts)
            .column("HTTP", DeliveryView::status)
            .column("ERROR", DeliveryView::error)
            .wide("ATTEMPTED", DeliveryView::attemptedAt)
            .wide("NEXT", DeliveryView::nextAt)
            .wide("FINISHED", DeliveryView::finishedAt);

    private WebhookTable() {}

    private static Table<WebhookView> webhooks() {
        return Table.of(
                        "The project has no webhooks. Create one with 'keysweep webhooks create URL'.",
                        /* name= */ WebhookView::url,
                        /* id= */ WebhookView::id)
                .column("URL", WebhookView::url)
                .column("EVENTS", WebhookView::events)
                .column("ENABLED", WebhookView::enabled)
                .column("ID", WebhookView::id)
                .wide("HELD MINUTES", WebhookView::heldMinutes)
                .wide("DISABLED WHY", WebhookView::disabledWhy)
                .wide("CREATED", WebhookView::createdAt)
                .wide("CREATED BY", WebhookView::createdBy)
                .wide("VERSION", WebhookView::version);
    }
}
