package io.keysweep.server.notify;

import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.control.Pause;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes a notice for webhooks when a scan has been on hold for long, once for each hold and webhook.
 *
 * <p>A scan on hold visits no keys for a while, for example because it is paused or its server is unreachable. A
 * webhook is a URL that receives the events of a project; its settings say how long a hold must last before it gets a
 * notice.
 *
 * <p>{@link LongHoldTask} calls {@link #check} every 30 s on one worker. A hold begins with the first check that finds
 * the scan on hold, and ends with the first check that does not. {@link LongHoldStore} keeps the beginning in SQL. A
 * restart of the service, a check on another worker, and another reason of the hold therefore do not change the
 * beginning.
 */
@Component
class LongHoldNotices {

    private static final Logger LOG = LoggerFactory.getLogger(LongHoldNotices.class);

    private final LongHoldStore store;
    private final ScanStore scans;
    private final InstructionStore instructions;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    LongHoldNotices(
            LongHoldStore store,
            ScanStore scans,
            InstructionStore instructions,
            Outbox outbox,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.scans = scans;
        this.instructions = instructions;
        this.outbox = outbox;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Describes a scan that is on hold.
     *
     * @param reason why the scan is on hold, such as {@code paused by …}
     */
    private record HeldScan(Scan scan, String reason) {}

    /**
     * Checks the active scans of all projects that have a webhook for {@code scan.held}. Records the holds that have
     * begun or ended since the last check. For each hold that continues and has lasted long enough, writes notices.
     *
     * <p>If a hold cannot be recorded or its notices cannot be written, this method logs the problem and continues with
     * the next scan. If the stored holds cannot be read or removed, it throws the exception. In both cases, the next
     * check tries again.
     */
    void check() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<UUID, HeldScan> heldScans = findHeldScans();
        Map<UUID, Instant> heldSince = store.heldSince();
        heldSince.keySet().stream()
                .filter(scanId -> !heldScans.containsKey(scanId))
                .forEach(store::deleteHold);
        heldScans.forEach((scanId, heldScan) -> {
            Instant since = heldSince.get(scanId);
            try {
                if (since == null) {
                    store.insertHold(scanId, now);
                } else {
                    writeNotices(heldScan, since, now);
                }
            } catch (RuntimeException e) {
                // The cause can be that the scan was deleted in the meantime. The other scans must still get their
                // notices.
                LOG.warn("Cannot check how long scan {} is on hold; the next check tries again", scanId, e);
            }
        });
    }

    /**
     * Writes a notice for each webhook whose threshold the hold has reached. A webhook gets only one notice of a hold.
     * The notices are recorded in the same transaction.
     */
    private void writeNotices(HeldScan heldScan, Instant since, Instant now) {
        Scan scan = heldScan.scan();
        transaction.executeWithoutResult(status -> store.audience(
                        scan.id(), scan.instanceId(), Duration.between(since, now))
                .ifPresent(audience -> {
                    List<UUID> notifiedWebhooks = outbox.add(
                            audience.webhooks(),
                            NoticeType.SCAN_HELD,
                            now,
                            Notices.scanData(scan, /* ending= */ null, audience, heldScan.reason(), since));
                    store.markNotified(scan.id(), notifiedWebhooks);
                }));
    }

    /** Returns the scans on hold, by scan id, of the projects that have a webhook for {@code scan.held}. */
    private Map<UUID, HeldScan> findHeldScans() {
        List<UUID> scanIds = store.watchedScans();
        Map<UUID, HeldScan> heldScans = new HashMap<>();
        if (!scanIds.isEmpty()) {
            var instructionsById = instructions.of(scanIds);
            for (Scan scan : scans.find(scanIds)) {
                Pause pause =
                        Objects.requireNonNull(instructionsById.get(scan.id())).pause();
                // A paused scan is on hold even if no worker has recorded a hold, for example because none has begun
                // the scan.
                @Nullable String reason = pause == null ? scan.hold() : pause.reason();
                if (reason != null && scan.state().active()) {
                    heldScans.put(scan.id(), new HeldScan(scan, reason));
                }
            }
        }
        return heldScans;
    }
}
