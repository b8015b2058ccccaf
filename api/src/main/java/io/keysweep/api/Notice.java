package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is told; the body of the request to it.
 *
 * @param type {@code scan.finished}, {@code scan.failed}, {@code scan.held}, {@code threshold.passed} or {@code ping}
 * @param timestamp when it happened
 * @param data what of
 */
public record Notice(String type, Instant timestamp, Data data) {

    /**
     * What a notice is about. Fields that do not concern its type are left out.
     *
     * @param projectId whose
     * @param instanceId of which instance; none in a ping
     * @param instanceName its name
     * @param scanId the scan; in {@code threshold.passed} the one that was started, if one was
     * @param scanType {@code manual} or {@code auto}
     * @param num expired keys reclaimed
     * @param exact whether that is an exact count
     * @param failure why the scan failed
     * @param hold why the scan is on hold
     * @param heldSince since when it was seen on hold
     * @param cause what passed its threshold: {@code schedule} (the backlog at a start that was due) or {@code memory}
     * @param outcome whether a scan was {@code started} or {@code skipped}
     * @param reason why so, with the figures
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
