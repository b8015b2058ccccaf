package io.keysweep.server.console;

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
 * How fast scans go just now and how long they will take, from what was shown of them in the last {@value #SECONDS}
 * seconds. Knows only what somebody watches, and forgets it soon after. Safe to share.
 */
@Component
final class ScanSpeeds {

    private static final int SECONDS = 15;

    private final InstantSource clock;
    private final Map<String, Deque<Shown>> shown = new HashMap<>();

    /** What was shown of a scan. */
    private record Shown(Instant at, long visited, double fraction) {}

    /**
     * The speed of a scan.
     *
     * @param keysPerSecond keys visited, or null where that is not seen yet
     * @param left how long it will take at this speed, or null where that is not seen
     */
    record Speed(@Nullable Long keysPerSecond, @Nullable Duration left) {}

    ScanSpeeds(InstantSource clock) {
        this.clock = clock;
    }

    /** The speed of a scan that is about to be shown. */
    synchronized Speed of(ScanView scan) {
        Instant now = clock.instant();
        Instant oldest = now.minusSeconds(SECONDS);
        shown.values().removeIf(each -> each.getLast().at().isBefore(oldest));
        if (scan.finishedAt() != null || scan.hold() != null) {
            // One that rests has no speed, and begins anew once it goes on.
            shown.remove(scan.id());
            return new Speed(null, null);
        }
        Deque<Shown> before = shown.computeIfAbsent(scan.id(), id -> new ArrayDeque<>());
        while (!before.isEmpty() && before.getFirst().at().isBefore(oldest)) {
            before.removeFirst();
        }
        Shown latest = new Shown(now, scan.visited(), scan.fraction());
        Shown first = before.isEmpty() ? latest : before.getFirst();
        before.addLast(latest);
        double seconds = Duration.between(first.at(), now).toMillis() / 1e3;
        if (seconds < 1) {
            return new Speed(null, null);
        }
        double fraction = (latest.fraction() - first.fraction()) / seconds;
        return new Speed(
                Math.max(0, Math.round((latest.visited() - first.visited()) / seconds)),
                fraction > 0 ? Duration.ofSeconds(Math.round((1 - latest.fraction()) / fraction)) : null);
    }
}
