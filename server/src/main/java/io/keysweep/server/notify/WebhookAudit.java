package io.keysweep.server.notify;

import io.keysweep.server.audit.AuditFields;
import io.keysweep.server.audit.AuditResource;
import io.keysweep.server.audit.AuditTrail;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reports changes of webhooks to the audit log, without secrets.
 *
 * <p>The URL is treated as a secret, because its path often contains one; only its host is shown.
 */
final class WebhookAudit {

    private WebhookAudit() {}

    /**
     * Reports that a webhook was created, changed or removed. One of the parameters can be null, but not both.
     *
     * @param before the webhook before the change; null if it was created
     * @param after the webhook after the change; null if it was removed
     */
    static void changed(@Nullable Webhook before, @Nullable Webhook after) {
        AuditTrail.change(
                resource(Objects.requireNonNull(after == null ? before : after)),
                before == null ? null : fields(before),
                after == null ? null : fields(after));
    }

    /** Reports a new secret of a webhook. */
    static void rotated(Webhook webhook) {
        // The log shows no secret, only that it has changed. Two different texts stand for the two secrets.
        AuditTrail.change(
                resource(webhook),
                new AuditFields().withSecret("secret", "old"),
                new AuditFields().withSecret("secret", "new"));
    }

    private static AuditResource resource(Webhook webhook) {
        return new AuditResource("webhook", webhook.id().toString(), /* name= */ null, webhook.projectId());
    }

    private static AuditFields fields(Webhook webhook) {
        WebhookSettings settings = webhook.settings();
        return new AuditFields()
                .with("host", settings.url().getHost())
                .withSecret("url", settings.url().toString())
                .with("events", NoticeType.wireNames(settings.events()))
                .with("heldMinutes", settings.heldThreshold().toMinutes())
                .with("enabled", settings.enabled());
    }
}
