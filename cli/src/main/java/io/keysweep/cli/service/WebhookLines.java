package io.keysweep.cli.service;

import io.keysweep.api.DeliveryView;
import io.keysweep.api.WebhookView;
import java.util.ArrayList;
import java.util.List;

/** Formats webhooks and their deliveries as lines for people. */
final class WebhookLines {

    private WebhookLines() {}

    static String line(WebhookView webhook) {
        String state = webhook.enabled()
                ? ""
                : "  (disabled" + (webhook.disabledWhy() == null ? "" : ": " + webhook.disabledWhy()) + ")";
        return webhook.id() + "  " + webhook.url() + "  " + String.join(" ", webhook.events())
                + (webhook.events().contains("scan.held") ? " after " + webhook.heldMinutes() + " min" : "") + state;
    }

    /** Returns the webhook's line, and its secrets if the service has sent them. */
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

    static String line(DeliveryView delivery) {
        return delivery.id() + "  " + delivery.createdAt() + "  " + delivery.type() + "  " + delivery.state()
                + " after "
                + delivery.attempts() + (delivery.attempts() == 1 ? " attempt" : " attempts")
                + (delivery.status() == null ? "" : ", HTTP " + delivery.status())
                + (delivery.error() == null ? "" : "  (" + delivery.error() + ")")
                + (delivery.nextAt() == null ? "" : "  next at " + delivery.nextAt());
    }
}
