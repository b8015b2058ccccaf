package io.keysweep.server.autoscan;

import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Decides for {@link LowMemoryStarter} whether a shortage of memory may start a scan, or whether the last scan was too
 * recent. Without a quiet period, a server that stays short of memory would be scanned without end.
 */
@Component
final class QuietPeriod {

    private final ScanStore scans;
    private final StartStore starts;

    QuietPeriod(ScanStore scans, StartStore starts) {
        this.scans = scans;
        this.starts = starts;
    }

    /**
     * Returns whether a moment is in the quiet period. The period begins when the newest scan of the instance has
     * ended, and again when a scan for lack of memory was last started or skipped. A newest scan that is still active
     * begins no period.
     *
     * @param length the length of the period
     */
    boolean includes(Instant now, UUID instanceId, Duration length) {
        return Stream.of(newestScan(instanceId).map(Scan::finishedAt), starts.lastMemoryDecision(instanceId))
                .flatMap(Optional::stream)
                .anyMatch(beginning -> beginning.plus(length).isAfter(now));
    }

    private Optional<Scan> newestScan(UUID instanceId) {
        return scans.list(instanceId, /* state= */ null, /* offset= */ 0, /* limit= */ 1).stream()
                .findFirst();
    }
}
