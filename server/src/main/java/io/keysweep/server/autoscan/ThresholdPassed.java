package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announces that a threshold of a start policy was passed, so that webhooks are notified. {@link StartStore} publishes
 * the event in the transaction that stores the start.
 *
 * @param instanceId the instance whose backlog (number of expired keys that still hold memory) or used memory has
 *     passed the threshold
 * @param at when the scan was started or skipped
 * @param cause {@code schedule} if the backlog has passed its threshold, {@code memory} if memory runs short
 * @param outcome {@code started} or {@code skipped}
 * @param reason why the scan was started or skipped, with the measured values, at most 1000 characters
 * @param scanId the scan that was started; null if it was skipped
 */
public record ThresholdPassed(
        UUID instanceId,
        Instant at,
        String cause,
        String outcome,
        String reason,
        @Nullable UUID scanId) {

    /**
     * Returns the event of a start.
     *
     * @param reason the stored reason, which is cut off if the reason of the start is too long
     */
    static ThresholdPassed of(Start start, String reason) {
        return new ThresholdPassed(
                start.instanceId(),
                start.decidedAt(),
                start.cause().wireName(),
                start.outcome().wireName(),
                reason,
                start.scanId());
    }
}
