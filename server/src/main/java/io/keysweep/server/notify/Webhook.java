package io.keysweep.server.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Represents a webhook of a project, without its secrets, which stay in the store.
 *
 * @param id the webhook's id
 * @param projectId the project whose notices the webhook receives
 * @param settings what the project's users have set
 * @param disabledReason why the service has disabled the webhook, or null
 * @param createdBy the access key that created the webhook
 * @param createdAt when the webhook was created
 * @param version 0 at first, raised by every change
 * @param oldSecretUntil until when the previous secret signs too, or null if the secret was never replaced
 */
record Webhook(
        UUID id,
        String projectId,
        WebhookSettings settings,
        @Nullable String disabledReason,
        String createdBy,
        Instant createdAt,
        int version,
        @Nullable Instant oldSecretUntil) {}
