package io.keysweep.server.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a project's notices go; its secrets stay in the store.
 *
 * @param id its id
 * @param projectId whose
 * @param terms what it was set to
 * @param disabledWhy why the service has disabled it, or null
 * @param createdBy access key that has made it
 * @param createdAt when
 * @param version raised by every change
 * @param oldSecretUntil until when the secret before signs as well, or null
 */
record Webhook(
        UUID id,
        String projectId,
        WebhookSettings terms,
        @Nullable String disabledWhy,
        String createdBy,
        Instant createdAt,
        int version,
        @Nullable Instant oldSecretUntil) {}
