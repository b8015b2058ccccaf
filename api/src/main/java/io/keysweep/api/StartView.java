package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports why the service started or skipped one automatic scan; {@code GET /api/v1/instances/{id}/starts} returns it.
 *
 * <p>The start policy of the instance decides. For example, the policy demands that 5 % of the keys with a TTL are
 * expired. If the service estimates only 2 %, it skips the start.
 *
 * @param dueAt when the start was due
 * @param decidedAt when the service decided whether to start the scan
 * @param cause why the start was due. {@code schedule}: by the schedule. {@code memory}: the server was low on memory.
 *     {@code backlog}: the expired keys would otherwise exceed the backlog target
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
