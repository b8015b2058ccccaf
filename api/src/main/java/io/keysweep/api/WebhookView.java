package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a webhook, a URL that receives notices; the requests under {@code /api/v1/webhooks} return it.
 *
 * <p>A notice is the message about one event, such as the end of a scan.
 *
 * @param id id of the webhook, a UUID
 * @param url URL that receives the notices
 * @param events types of events that the service sends, such as {@code scan.finished}
 * @param heldMinutes time in minutes for which a scan must make no progress before {@code scan.held} is sent
 * @param enabled whether the service sends notices to the webhook
 * @param disabledWhy why the service has disabled the webhook; null if it has not
 * @param createdBy id of the access key that created the webhook
 * @param createdAt when the webhook was created
 * @param version version of the webhook, which every change raises. The ETag is this number in quotes
 * @param oldSecretUntil time until which notices are also signed with the previous secret; null if there is none
 * @param secret secret with which the service signs the notices, {@code whsec_…}; null except in the response to a
 *     request that created the secret
 */
public record WebhookView(
        String id,
        String url,
        List<String> events,
        int heldMinutes,
        boolean enabled,
        @Nullable String disabledWhy,
        String createdBy,
        Instant createdAt,
        int version,
        @Nullable Instant oldSecretUntil,
        @Nullable String secret) {

    /** Returns a text for logs, without the secret. */
    @Override
    public String toString() {
        return "WebhookView[id=" + id + ", events=" + events + ", enabled=" + enabled + ", version=" + version + "]";
    }
}
