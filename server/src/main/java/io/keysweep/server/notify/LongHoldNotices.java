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
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells of scans that are on hold for long, whatever the reason: once a hold and webhook. On hold is what was seen so at
 * every look, so that a new reason, a restart or another worker does not begin the time anew.
 */
@Component
class LongHoldNotices {

    private final LongHoldStore store;
    private final ScanStore scans;
    private final InstructionStore orders;
    private final Outbox outbox;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    LongHoldNotices(
            LongHoldStore store,
            ScanStore scans,
            InstructionStore orders,
            Outbox outbox,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.store = store;
        this.scans = scans;
        this.orders = orders;
        this.outbox = outbox;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** A scan on hold. */
    private record Held(Scan scan, String reason) {}

    /** Looks at all scans of which somebody wants to be told. */
    void look() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Map<UUID, Held> held = held();
        Map<UUID, Instant> seen = store.seen();
        seen.keySet().stream().filter(scanId -> !held.containsKey(scanId)).forEach(store::end);
        held.forEach((scanId, hold) -> {
            Instant since = seen.get(scanId);
            if (since == null) {
                store.begin(scanId, now);
            } else {
                tell(hold, since, now);
            }
        });
    }

    private void tell(Held held, Instant since, Instant now) {
        Scan scan = held.scan();
        transaction.executeWithoutResult(status -> store.audience(
                        scan.id(), scan.instanceId(), Duration.between(since, now))
                .ifPresent(audience -> {
                    store.told(scan.id(), audience.webhooks());
                    outbox.add(
                            audience.webhooks(),
                            NoticeType.SCAN_HELD,
                            now,
                            Notices.about(scan, audience, held.reason(), since));
                }));
    }

    private Map<UUID, Held> held() {
        List<UUID> watched = store.watched();
        Map<UUID, Held> held = new HashMap<>();
        if (!watched.isEmpty()) {
            var told = orders.of(watched);
            for (Scan scan : scans.find(watched)) {
                Pause pause = Objects.requireNonNull(told.get(scan.id())).pause();
                @Nullable String reason = pause == null ? scan.hold() : "paused " + pause.intervention();
                if (reason != null && scan.state().active()) {
                    held.put(scan.id(), new Held(scan, reason));
                }
            }
        }
        return held;
    }
}
