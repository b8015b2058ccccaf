package io.keysweep.server.console.scan;

import io.keysweep.api.ScanView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Computes the current speed of scans from the counts that pages showed in the last {@value #SECONDS} seconds.
 *
 * <p>Only scans that a page shows have a speed. The next call forgets each scan that no page has shown for {@value
 * #SECONDS} seconds. Each process computes speeds from the pages that it serves. Thread-safe.
 */
@Component
final class ScanSpeeds {

    /**
     * The period over which a speed is computed. It is long enough for several checkpoints, at which counts change, and
     * short enough for a current speed.
     */
    private static final int SECONDS = 15;

    private final InstantSource clock;
    private final Map<String, RecentCounts> recentCounts = new HashMap<>();

    /** Collects the recent counts of one scan that a page shows. */
    private static final class RecentCounts {
        /** The counts of the last seconds, the oldest first. */
        private final Deque<ShownCount> samples = new ArrayDeque<>();

        /** The count that a page showed last. */
        private long visited;

        /** The time at which a page showed the scan last. */
        private Instant shownAt;

        RecentCounts(long visited, Instant now) {
            this.visited = visited;
            this.shownAt = now;
        }
    }

    /** Remembers a count of visited keys, and when a page first showed this count. */
    private record ShownCount(Instant at, long visited) {}

    ScanSpeeds(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Records the count of a scan that a page shows, and returns the speed of the scan.
     *
     * @return keys visited per second; null if the scan is on hold or has ended, or if pages have shown fewer than two
     *     changes of the count in the last {@value #SECONDS} seconds
     */
    synchronized @Nullable Long record(ScanView scan) {
        Instant now = clock.instant();
        Instant oldest = now.minusSeconds(SECONDS);
        recentCounts.values().removeIf(each -> each.shownAt.isBefore(oldest));
        if (scan.finishedAt() != null || scan.hold() != null) {
            // A scan on hold has no speed. Its samples start again when it continues.
            recentCounts.remove(scan.id());
            return null;
        }
        RecentCounts counts = recentCounts.computeIfAbsent(scan.id(), id -> new RecentCounts(scan.visited(), now));
        counts.shownAt = now;
        if (scan.visited() != counts.visited) {
            // Counts change only at checkpoints. A page may show the first count long after its checkpoint, so a speed
            // needs two changes that pages have shown.
            counts.visited = scan.visited();
            counts.samples.addLast(new ShownCount(now, scan.visited()));
        }
        counts.samples.removeIf(each -> each.at().isBefore(oldest));
        return counts.samples.size() < 2 ? null : speed(counts.samples.getFirst(), counts.samples.getLast());
    }

    /** Returns the keys visited per second between two samples; null if both are of the same millisecond. */
    private static @Nullable Long speed(ShownCount first, ShownCount last) {
        double seconds = Duration.between(first.at(), last.at()).toMillis() / 1e3;
        return seconds > 0 ? (Long) Math.max(0, Math.round((last.visited() - first.visited()) / seconds)) : null;
    }
}
