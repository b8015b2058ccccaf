package io.keysweep.server.autoscan;

import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Decides whether memory may start a scan again, or whether the last scan or the last decision is too recent. */
@Component
final class QuietPeriod {

    private final ScanStore scans;
    private final StartStore starts;

    QuietPeriod(ScanStore scans, StartStore starts) {
        this.scans = scans;
        this.starts = starts;
    }

    /** Returns whether the last scan of an instance has ended, or memory was last decided on, within {@code length}. */
    boolean includes(Instant now, UUID instanceId, Duration length) {
        return Stream.of(
                        scans.list(instanceId, null, 0, 1).stream().findFirst().map(Scan::finishedAt),
                        starts.lastMemoryDecision(instanceId))
                .flatMap(Optional::stream)
                .anyMatch(last -> last.plus(length).isAfter(now));
    }
}
