package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as {@code /api/v1/webhooks} shows it.
 *
 * @param id its id
 * @param url where notices go
 * @param events what is told
 * @param heldMinutes how long a scan is on hold before that is told
 * @param enabled whether anything is told at all
 * @param disabledWhy why the service has disabled it, or null
 * @param createdBy access key that has made it
 * @param createdAt when
 * @param version raised by every change; its ETag
 * @param oldSecretUntil until when notices are signed with the secret before as well, or null
 * @param secret what notices are signed with, {@code whsec_…}; only in the answers to its making, else null
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

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "WebhookView[id=" + id + ", events=" + events + ", enabled=" + enabled + ", version=" + version + "]";
    }
}
