package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import java.util.ArrayList;
import java.util.List;

/** Formats webhooks and their deliveries as the text that {@code keysweep webhooks} prints. */
final class WebhookLines {

    private WebhookLines() {}

    /** Returns the line of a webhook: id, URL, events, and whether it is disabled. */
    static String line(WebhookView webhook) {
        return webhook.id() + "  " + webhook.url() + "  " + String.join(" ", webhook.events())
                + (webhook.events().contains("scan.held") ? " after " + webhook.heldMinutes() + " min" : "")
                + disabledNote(webhook);
    }

    /** Returns that the webhook is disabled and why, in brackets; an empty text if it is enabled. */
    private static String disabledNote(WebhookView webhook) {
        if (webhook.enabled()) {
            return "";
        }
        return "  (disabled" + (webhook.disabledWhy() == null ? "" : ": " + webhook.disabledWhy()) + ")";
    }

    /**
     * Returns the line of the webhook. The next lines show its secret and the end of the old secret, if the answer
     * contains them.
     */
    static List<String> lines(WebhookView webhook) {
        List<String> lines = new ArrayList<>();
        lines.add(line(webhook));
        if (webhook.secret() != null) {
            lines.add("  secret, shown only now  " + webhook.secret());
        }
        if (webhook.oldSecretUntil() != null) {
            lines.add("  the old secret also signs until  " + webhook.oldSecretUntil());
        }
        return lines;
    }

    /** Returns the line of a delivery: id, time, event, state, attempts, and the answer to the last attempt. */
    static String line(DeliveryView delivery) {
        return delivery.id() + "  " + delivery.createdAt() + "  " + delivery.type() + "  " + delivery.state()
                + " after "
                + delivery.attempts() + (delivery.attempts() == 1 ? " attempt" : " attempts")
                + (delivery.status() == null ? "" : ", HTTP " + delivery.status())
                + (delivery.error() == null ? "" : "  (" + delivery.error() + ")")
                + (delivery.nextAt() == null ? "" : "  next at " + delivery.nextAt());
    }
}
