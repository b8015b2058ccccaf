package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents a webhook in responses of {@code /api/v1/webhooks}.
 *
 * @param id UUID
 * @param url URL that receives the notices
 * @param events types of notices that the service sends
 * @param heldMinutes minutes for which a scan must be on hold before {@code scan.held} is sent
 * @param enabled whether the service sends notices
 * @param disabledWhy why the service has disabled the webhook, or null
 * @param createdBy id of the access key that created the webhook
 * @param createdAt when the webhook was created
 * @param version version of the webhook; every change raises it. In quotes it is the ETag
 * @param oldSecretUntil time until which notices are also signed with the previous secret, or null
 * @param secret secret that signs the notices, {@code whsec_…}; null except in the responses that create a secret
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

    /** Returns a text without the secret. */
    @Override
    public String toString() {
        return "WebhookView[id=" + id + ", events=" + events + ", enabled=" + enabled + ", version=" + version + "]";
    }
}
