package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a webhook, a URL to which the service posts notices of a project.
 *
 * <p>A notice is the message about one event, such as the end of a scan. This is the body of {@code POST
 * /api/v1/webhooks} and {@code PUT /api/v1/webhooks/{id}}.
 *
 * <p>A {@code PUT} replaces the whole webhook, so a field that is left out gets its default.
 *
 * @param url URL that receives the notices, {@code http} or {@code https}, without user and password; at most 2000
 *     characters
 * @param events types of events to send: {@code scan.finished}, {@code scan.failed}, {@code scan.held} (a scan makes no
 *     progress for some time), {@code threshold.passed} (a threshold of the start policy was reached), {@code
 *     cliff.ahead} (a forecast shows a time in which far more keys die than around it); default all
 * @param heldMinutes time in minutes for which a scan must make no progress before {@code scan.held} is sent; 1 to
 *     43200, default 60
 * @param enabled whether the service sends notices to the webhook; default true
 */
public record WebhookDocument(
        @Nullable String url,
        @Nullable List<String> events,
        @Nullable Integer heldMinutes,
        @Nullable Boolean enabled) {}
