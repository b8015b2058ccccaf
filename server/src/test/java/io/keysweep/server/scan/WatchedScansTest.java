package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests which views of a scan its watching requests get, and when a request can no longer watch.
 *
 * <p>A request joins to watch a scan. One poll of the database at a time reads the scans for all requests.
 */
final class WatchedScansTest {

    private static final UUID SCAN = UUID.randomUUID();
    private static final String KEY = "AK1";
    private static final String OTHER_KEY = "AK2";
    private static final Set<String> BOTH_KEYS = Set.of(KEY, OTHER_KEY);

    private final WatchedScans watched = new WatchedScans();

    @BeforeEach
    void open() {
        watched.open();
    }

    @Test
    void next_afterAPollThatBeganBeforeTheJoin_waitsForANewerPoll() throws Exception {
        long firstJoin = watched.join(SCAN, KEY);
        WatchedScans.Poll poll = watched.beginPoll();

        // The scan makes progress after the poll has read it, and a second request reads the newer state.
        long secondJoin = watched.join(SCAN, OTHER_KEY);
        watched.publish(poll, List.of(view(100)), BOTH_KEYS);

        // The poll serves the first request only.
        assertThat(next(KEY, firstJoin, /* lastView= */ null)).isEqualTo(view(100));
        assertThat(next(OTHER_KEY, secondJoin, view(200))).isNull();

        // The next poll also serves the second request.
        publish(view(300));
        assertThat(next(OTHER_KEY, secondJoin, view(200))).isEqualTo(view(300));
    }

    @Test
    void scan_thatIsDeleted_canNoLongerBeWatched() throws Exception {
        long joined = watched.join(SCAN, KEY);
        publish(view(100));

        assertThat(watched.isOpen(SCAN, KEY)).isTrue();

        watched.publish(watched.beginPoll(), List.of(), BOTH_KEYS);
        assertThat(watched.isOpen(SCAN, KEY)).isFalse();
        assertThat(next(KEY, joined, /* lastView= */ null)).isNull();
    }

    @Test
    void scan_thatIsJoinedDuringAPoll_isNotTreatedAsDeleted() {
        watched.join(UUID.randomUUID(), OTHER_KEY);
        WatchedScans.Poll poll = watched.beginPoll();
        watched.join(SCAN, KEY);
        watched.publish(poll, List.of(), BOTH_KEYS);

        assertThat(watched.isOpen(SCAN, KEY)).isTrue();
    }

    @Test
    void accessKeyThatIsWithdrawn_canNoLongerWatch() {
        watched.join(SCAN, KEY);
        watched.join(SCAN, OTHER_KEY);
        watched.publish(watched.beginPoll(), List.of(view(100)), Set.of(OTHER_KEY));

        assertThat(watched.isOpen(SCAN, KEY)).isFalse();
        assertThat(watched.isOpen(SCAN, OTHER_KEY)).isTrue();
    }

    @Test
    void close_endsAllWatches() {
        watched.join(SCAN, KEY);

        watched.close();

        assertThat(watched.isOpen(SCAN, KEY)).isFalse();
    }

    /** Publishes a view as the result of a poll of the database that begins and ends now. */
    private void publish(ScanView view) {
        watched.publish(watched.beginPoll(), List.of(view), BOTH_KEYS);
    }

    /** Returns the view that a request gets without waiting; null if there is no new one. */
    private @Nullable ScanView next(String accessKey, long joinedAfter, @Nullable ScanView lastView)
            throws InterruptedException {
        return watched.next(SCAN, accessKey, joinedAfter, lastView, Duration.ZERO);
    }

    /** Returns the view of a running scan that differs from others only in the keys visited. */
    private static ScanView view(long visited) {
        Instant createdAt = Instant.parse("2026-11-24T10:00:00Z");
        return new ScanView(
                SCAN.toString(),
                "instance",
                /* status= */ "running",
                /* state= */ "running",
                /* ending= */ null,
                /* scanType= */ "manual",
                /* assist= */ "none",
                /* assistReclaimed= */ null,
                visited,
                /* reclaimed= */ 0,
                /* exact= */ true,
                /* fraction= */ 0,
                /* hold= */ null,
                /* failure= */ null,
                /* method= */ null,
                /* longestStallMs= */ 0,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                createdAt,
                /* startedAt= */ createdAt,
                /* finishedAt= */ null,
                /* version= */ 1,
                /* timeoutSeconds= */ 60,
                new PaceView(
                        /* profile= */ null,
                        /* stallBudgetMs= */ 1,
                        /* share= */ 1,
                        /* rateCeiling= */ null,
                        /* tunedBy= */ null,
                        /* tunedWhy= */ null),
                /* pause= */ null,
                /* remainingSeconds= */ null,
                // Nothing is known of the memory.
                new MemoryView(null, null, null, null, null, null, null, null, null, null, null, null, null),
                /* databases= */ List.of(),
                /* holds= */ List.of(),
                /* sweeps= */ List.of());
    }
}
