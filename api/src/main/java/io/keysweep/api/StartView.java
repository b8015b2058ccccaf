package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports why the service started or skipped one automatic scan; {@code GET /api/v1/instances/{id}/starts} returns it.
 *
 * <p>The start policy of the instance decides. For example, the service skips a start if the policy asks that
 * 5 % of the keys with a TTL be expired, and the service estimates only 2 %.
 *
 * @param dueAt when the start was due
 * @param decidedAt when the service decided whether to start the scan
 * @param cause {@code schedule} if the start was due by the schedule, {@code memory} if the server was low on memory,
 *     {@code backlog} if expired keys would otherwise become more than the backlog target allows
 * @param outcome {@code started} or {@code skipped}
 * @param reason sentence that gives the reason of the outcome
 * @param scanId id of the scan that was started; null if the start was skipped. The service may have deleted the scan
 *     since
 */
public record StartView(
        Instant dueAt,
        Instant decidedAt,
        String cause,
        String outcome,
        String reason,
        @Nullable String scanId) {}
