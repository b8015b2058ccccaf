package io.keysweep.server.notify;

import io.keysweep.api.Notice;
import io.keysweep.server.autoscan.ThresholdPassed;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Turns what happens into notices, on the thread and in the transaction in which it happens. */
@Component
class Notices {

    private final WebhookStore webhooks;
    private final Outbox outbox;

    Notices(WebhookStore webhooks, Outbox outbox) {
        this.webhooks = webhooks;
        this.outbox = outbox;
    }

    @EventListener
    public void tell(ScanEnded ended) {
        Scan scan = ended.scan();
        NoticeType type = scan.state() == ScanState.SUCCESS ? NoticeType.SCAN_FINISHED : NoticeType.SCAN_FAILED;
        webhooks.audience(scan.instanceId(), type)
                .ifPresent(audience -> outbox.add(
                        audience.webhooks(),
                        type,
                        Objects.requireNonNull(scan.finishedAt()),
                        about(scan, audience, null, null)));
    }

    @EventListener
    public void tell(ThresholdPassed passed) {
        webhooks.audience(passed.instanceId(), NoticeType.THRESHOLD_PASSED)
                .ifPresent(audience -> outbox.add(
                        audience.webhooks(),
                        NoticeType.THRESHOLD_PASSED,
                        passed.at().truncatedTo(ChronoUnit.MILLIS),
                        new Notice.Data(
                                audience.projectId(),
                                passed.instanceId().toString(),
                                audience.instanceName(),
                                passed.scanId() == null ? null : passed.scanId().toString(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                passed.cause(),
                                passed.outcome(),
                                passed.reason())));
    }

    /**
     * What there is to tell of a scan.
     *
     * @param hold why it is on hold, or null
     * @param heldSince since when, or null
     */
    static Notice.Data about(Scan scan, NoticeAudience audience, @Nullable String hold, @Nullable Instant heldSince) {
        return new Notice.Data(
                audience.projectId(),
                scan.instanceId().toString(),
                audience.instanceName(),
                scan.id().toString(),
                scan.type().wireName(),
                scan.reclaimed(),
                scan.exact(),
                scan.failure(),
                hold,
                heldSince,
                null,
                null,
                null);
    }
}
