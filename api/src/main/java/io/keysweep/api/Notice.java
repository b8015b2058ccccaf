package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notice informs a webhook of one event; it is the body of the request to the webhook.
 *
 * @param type {@code scan.finished}, {@code scan.failed}, {@code scan.held}, {@code threshold.passed} or {@code ping}
 * @param timestamp when the event happened
 * @param data details of the event
 */
public record Notice(String type, Instant timestamp, Data data) {

    /**
     * Holds the details of an event. Fields that do not apply to the type of the notice are left out.
     *
     * @param projectId id of the webhook's project
     * @param instanceId id of the instance; null in a ping
     * @param instanceName name of the instance
     * @param scanId id of the scan; in {@code threshold.passed} the scan that was started, if any
     * @param scanType {@code manual} or {@code auto}
     * @param num number of expired keys reclaimed
     * @param exact whether {@code num} is an exact count
     * @param failure why the scan failed
     * @param hold why the scan is on hold
     * @param heldSince when the service first saw the scan on hold
     * @param cause threshold that was passed: {@code schedule} (the backlog when a start was due) or {@code memory}
     * @param outcome {@code started} if the service started a scan, or {@code skipped}
     * @param reason reason of the outcome, with the numbers
     */
    public record Data(
            String projectId,
            @Nullable String instanceId,
            @Nullable String instanceName,
            @Nullable String scanId,
            @Nullable String scanType,
            @Nullable Long num,
            @Nullable Boolean exact,
            @Nullable String failure,
            @Nullable String hold,
            @Nullable Instant heldSince,
            @Nullable String cause,
            @Nullable String outcome,
            @Nullable String reason) {}
}
