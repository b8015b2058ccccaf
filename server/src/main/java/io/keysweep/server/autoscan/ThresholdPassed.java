package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announces that a threshold of a start policy was passed. The event is published in the transaction that stores the
 * start.
 *
 * @param instanceId the instance
 * @param at when the scan was started or skipped
 * @param cause {@code schedule} or {@code memory}
 * @param outcome {@code started} or {@code skipped}
 * @param reason the reason for users, with the measured values
 * @param scanId the scan that was started, or null
 */
public record ThresholdPassed(
        UUID instanceId,
        Instant at,
        String cause,
        String outcome,
        String reason,
        @Nullable UUID scanId) {

    /** Returns the event of a start, with the reason as it is stored. */
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
