package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import io.keysweep.server.autoscan.ThresholdPassed;
import io.keysweep.server.cliff.Cliff;
import io.keysweep.server.cliff.CliffAhead;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanEnding;
import io.keysweep.server.scan.ScanState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes notices for webhooks when a scan ends, when an instance reaches a threshold of its start policy, or when a
 * forecast shows a cliff.
 *
 * <p>A notice is the message about one event. A cliff is a time in which far more keys die than around it. {@link
 * Outbox} stores the notices, which are sent later. Each method runs within the transaction that publishes its event,
 * so a notice is stored if and only if the event is. If no webhook of the project receives the event, nothing is
 * written. {@link LongHoldNotices} writes the notices about long holds.
 */
@Component
class Notices {

    private final WebhookStore webhooks;
    private final Outbox outbox;

    Notices(WebhookStore webhooks, Outbox outbox) {
        this.webhooks = webhooks;
        this.outbox = outbox;
    }

    @EventListener
    public void onScanEnded(ScanEnded ended) {
        Scan scan = ended.scan();
        NoticeType type = scan.state() == ScanState.SUCCESS ? NoticeType.SCAN_FINISHED : NoticeType.SCAN_FAILED;
        webhooks.audience(scan.instanceId(), type)
                .ifPresent(audience -> outbox.add(
                        audience.webhooks(),
                        type,
                        Objects.requireNonNull(scan.finishedAt()),
                        scanData(scan, ended.ending(), audience, /* hold= */ null, /* heldSince= */ null)));
    }

    @EventListener
    public void onThresholdPassed(ThresholdPassed passed) {
        webhooks.audience(passed.instanceId(), NoticeType.THRESHOLD_PASSED)
                .ifPresent(audience -> outbox.add(
                        audience.webhooks(),
                        NoticeType.THRESHOLD_PASSED,
                        passed.at().truncatedTo(ChronoUnit.MILLIS),
                        thresholdData(passed, audience)));
    }

    @EventListener
    public void onCliffAhead(CliffAhead ahead) {
        webhooks.audience(ahead.instanceId(), NoticeType.CLIFF_AHEAD)
                .ifPresent(audience -> outbox.add(
                        audience.webhooks(), NoticeType.CLIFF_AHEAD, ahead.at(), cliffData(ahead, audience)));
    }

    /**
     * Returns the details of a notice about a scan. The fields for a threshold and for a cliff are null.
     *
     * @param ending how the scan has ended, or null if it has not
     * @param audience the receivers, with the project and the name of the instance
     * @param hold why the scan is on hold, or null if the notice is not about a hold
     * @param heldSince since when the scan is on hold, or null if the notice is not about a hold
     */
    static Notice.Data scanData(
            Scan scan,
            @Nullable ScanEnding ending,
            NoticeAudience audience,
            @Nullable String hold,
            @Nullable Instant heldSince) {
        return new Notice.Data(
                audience.projectId(),
                scan.instanceId().toString(),
                audience.instanceName(),
                scan.id().toString(),
                scan.type().wireName(),
                ending == null ? null : ending.wireName(),
                scan.reclaimed(),
                scan.exact(),
                scan.failure(),
                hold,
                heldSince,
                /* cause= */ null,
                /* outcome= */ null,
                /* reason= */ null,
                /* cliff= */ null);
    }

    /**
     * Returns the details of a notice about a threshold. The fields for a cliff and for the result of a scan are null.
     */
    private static Notice.Data thresholdData(ThresholdPassed passed, NoticeAudience audience) {
        return new Notice.Data(
                audience.projectId(),
                passed.instanceId().toString(),
                audience.instanceName(),
                passed.scanId() == null ? null : passed.scanId().toString(),
                /* scanType= */ null,
                /* ending= */ null,
                /* num= */ null,
                /* exact= */ null,
                /* failure= */ null,
                /* hold= */ null,
                /* heldSince= */ null,
                passed.cause(),
                passed.outcome(),
                passed.reason(),
                /* cliff= */ null);
    }

    /** Returns the details of a notice about a cliff. The fields for a scan and for a threshold are null. */
    private static Notice.Data cliffData(CliffAhead ahead, NoticeAudience audience) {
        Cliff cliff = ahead.cliff();
        Notice.Cliff details = new Notice.Cliff(
                cliff.from(),
                cliff.until(),
                cliff.dying().keys(),
                cliff.dying().lowest(),
                cliff.dying().highest(),
                cliff.backlog(),
                cliff.backlogBytes(),
                cliff.proposedStart());
        return new Notice.Data(
                audience.projectId(),
                ahead.instanceId().toString(),
                audience.instanceName(),
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
                details);
    }
}
