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
 * How fast scans go just now, from what was shown of them in the last {@value #SECONDS} seconds. Knows only what somebody watches, and forgets it soon after. Safe to share.
 */
@Component
final class ScanSpeeds {

    private static final int SECONDS = 15;

    private final InstantSource clock;
    private final Map<String, Watched> watched = new HashMap<>();

    /** A scan that somebody looks at, and the moments at which it was seen to have come on. */
    private static final class Watched {
        private final Deque<Seen> seen = new ArrayDeque<>();
        private long visited;
        private Instant lookedAt;

        Watched(long visited, Instant now) {
            this.visited = visited;
            this.lookedAt = now;
        }
    }

    /** How far a scan had come when that was new. */
    private record Seen(Instant at, long visited) {}

    ScanSpeeds(InstantSource clock) {
        this.clock = clock;
    }

    /** Keys visited a second by a scan that is about to be shown, or null where that is not seen yet. */
    synchronized @Nullable Long of(ScanView scan) {
        Instant now = clock.instant();
        Instant oldest = now.minusSeconds(SECONDS);
        watched.values().removeIf(each -> each.lookedAt.isBefore(oldest));
        if (scan.finishedAt() != null || scan.hold() != null) {
            // One that rests has no speed, and begins anew once it goes on.
            watched.remove(scan.id());
            return null;
        }
        Watched of = watched.computeIfAbsent(scan.id(), id -> new Watched(scan.visited(), now));
        of.lookedAt = now;
        if (scan.visited() != of.visited) {
            // Counts come by checkpoints, so only from one to another is a time that means something.
            of.visited = scan.visited();
            of.seen.addLast(new Seen(now, scan.visited()));
        }
        of.seen.removeIf(each -> each.at().isBefore(oldest));
        return of.seen.size() < 2 ? null : speed(of.seen.getFirst(), of.seen.getLast());
    }

    private static long speed(Seen first, Seen last) {
        double seconds = Duration.between(first.at(), last.at()).toMillis() / 1e3;
        return Math.max(0, Math.round((last.visited() - first.visited()) / seconds));
    }
}
