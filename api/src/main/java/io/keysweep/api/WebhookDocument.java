package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a project's notices go; body of {@code POST /api/v1/webhooks} and {@code PUT /api/v1/webhooks/{id}}, which
 * replaces the whole. What is left out has its default.
 *
 * @param url where to, {@code http} or {@code https}, without user and password; at most 2000 characters
 * @param events what is told: {@code scan.finished}, {@code scan.failed}, {@code scan.held}, {@code threshold.passed};
 *     default all
 * @param heldMinutes how long a scan is on hold before that is told, 1 to 43200; default 60
 * @param enabled whether anything is told at all; default true
 */
public record WebhookDocument(
        @Nullable String url,
        @Nullable List<String> events,
        @Nullable Integer heldMinutes,
        @Nullable Boolean enabled) {}
