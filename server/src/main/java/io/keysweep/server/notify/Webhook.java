package io.keysweep.server.notify;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook is a URL to which the service sends the events of a project.
 *
 * <p>The secrets that sign the events are not part of this record; {@link WebhookStore} returns them.
 *
 * @param id the id in the native API
 * @param projectId the project whose events the webhook receives
 * @param settings the URL, the events and the other settings that users choose
 * @param disabledReason why the service has disabled the webhook; null if it has not
 * @param createdBy the id of the access key that created the webhook
 * @param createdAt when the webhook was created
 * @param version the version of the webhook: 0 at first, raised by 1 when the settings or the secret change, and when
 *     the service disables the webhook
 * @param oldSecretUntil until when messages are also signed with the previous secret; may be in the past; null if the
 *     secret was never replaced
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
