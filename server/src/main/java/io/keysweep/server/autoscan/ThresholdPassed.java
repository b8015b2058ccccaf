package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A start policy's threshold was passed; published in the transaction that keeps what became of the start.
 *
 * @param instanceId of which instance
 * @param at when it was decided on
 * @param cause {@code schedule} or {@code memory}
 * @param outcome {@code started} or {@code skipped}
 * @param reason why so, with the figures
 * @param scanId the scan, if one was started
 */
public record ThresholdPassed(
        UUID instanceId,
        Instant at,
        String cause,
        String outcome,
        String reason,
        @Nullable UUID scanId) {

    /** By a start, with its reason as it is kept. */
    static ThresholdPassed by(Start start, String reason) {
        return new ThresholdPassed(
                start.instanceId(),
                start.decidedAt(),
                start.cause().wireName(),
                start.outcome().wireName(),
                reason,
                start.scanId());
    }
}
