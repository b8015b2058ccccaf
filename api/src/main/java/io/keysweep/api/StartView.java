package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Represents the outcome of one start in the response of {@code GET /api/v1/instances/{id}/starts}.
 *
 * @param dueAt when the start was due
 * @param decidedAt when the service decided
 * @param cause {@code schedule} or {@code memory}
 * @param outcome {@code started} or {@code skipped}
 * @param reason reason of the outcome
 * @param scanId id of the scan that was started, or null; the scan may have been deleted since
 */
public record StartView(
        Instant dueAt,
        Instant decidedAt,
        String cause,
        String outcome,
        String reason,
        @Nullable String scanId) {}
