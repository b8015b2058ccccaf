package io.keysweep.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A notice reports one event of a project, such as the end of a scan; the service posts it to a webhook.
 *
 * @param type type of the event: {@code scan.finished}; {@code scan.failed}; {@code scan.held} if a scan makes no
 *     progress for some time; {@code threshold.passed} if a threshold of the start policy was reached; {@code
 *     cliff.ahead} if a forecast shows a time in which far more keys die than around it; {@code ping} for a test
 * @param timestamp when the event happened
 * @param data details of the event
 */
public record Notice(String type, Instant timestamp, Data data) {

    /**
     * Contains the details of an event; fields that do not apply to the type of the notice are left out.
     *
     * @param projectId id of the webhook's project
     * @param instanceId id of the instance; null in a ping
     * @param instanceName name of the instance; null in a ping
     * @param scanId id of the scan; in {@code threshold.passed} the id of the scan that the service started, if it
     *     started one
     * @param scanType {@code manual} if a client started the scan, {@code auto} if the service did
     * @param ending how the scan ended, as {@link ScanView#ending} has it
     * @param num number of expired keys that the scan removed
     * @param exact whether {@code num} is a count; false if it is an estimate
     * @param failure why the scan failed
     * @param hold why the scan makes no progress
     * @param heldSince when the service first saw the scan on hold
     * @param cause threshold that was passed: {@code schedule} (enough expired keys held memory when a start was due)
     *     or {@code memory} (the server ran low on memory)
     * @param outcome {@code started} if the service started a scan, else {@code skipped}
     * @param reason why the service decided so, with the measured numbers
     * @param cliff the cliff that a forecast shows
     */
    public record Data(
            String projectId,
            @Nullable String instanceId,
            @Nullable String instanceName,
            @Nullable String scanId,
            @Nullable String scanType,
            @Nullable String ending,
            @Nullable Long num,
            @Nullable Boolean exact,
            @Nullable String failure,
            @Nullable String hold,
            @Nullable Instant heldSince,
            @Nullable String cause,
            @Nullable String outcome,
            @Nullable String reason,
            @Nullable Cliff cliff) {

        /** Returns details that name only the project, as a ping has them. */
        public static Data ofProject(String projectId) {
            return new Data(
                    projectId,
                    /* instanceId= */ null,
                    /* instanceName= */ null,
                    /* scanId= */ null,
                    /* scanType= */ null,
                    /* ending= */ null,
                    /* num= */ null,
                    /* exact= */ null,
                    /* failure= */ null,
                    /* hold= */ null,
                    /* heldSince= */ null,
                    /* cause= */ null,
                    /* outcome= */ null,
                    /* reason= */ null,
                    /* cliff= */ null);
        }
    }

    /**
     * Describes a cliff: a time in which, by a forecast, far more keys die than around it. A key dies when it reaches
     * the end of its TTL; a dead key holds memory until it is removed.
     *
     * @param from when the cliff begins
     * @param until when it ends
     * @param keys the keys that die in this time
     * @param lowest the lower end of the 95 % interval of {@code keys}
     * @param highest the upper end of that interval
     * @param backlog the dead keys that the servers' own expiry leaves at the end
     * @param backlogBytes the memory of these dead keys in bytes; null if no size is known
     * @param proposedStart when a scan should start
     */
    public record Cliff(
            Instant from,
            Instant until,
            long keys,
            long lowest,
            long highest,
            long backlog,
            @Nullable Long backlogBytes,
            Instant proposedStart) {}
}
