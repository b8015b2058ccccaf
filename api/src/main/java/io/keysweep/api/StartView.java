package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a start of an automatic scan, as {@code GET /api/v1/instances/{id}/starts} lists them.
 *
 * @param dueAt when it was due
 * @param decidedAt when it was decided on
 * @param cause {@code schedule} or {@code memory}
 * @param outcome {@code started} or {@code skipped}
 * @param reason why so
 * @param scanId the scan that was started, or null; it may have been removed since
 */
public record StartView(
        Instant dueAt,
        Instant decidedAt,
        String cause,
        String outcome,
        String reason,
        @Nullable String scanId) {}
