package io.keysweep.server.console.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests when the current speed of a scan is known, and how it follows from recent counts. */
final class ScanSpeedsTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final ScanSpeeds speeds = new ScanSpeeds(() -> now);

    @Test
    void speed_ofARunningScan_isMeasuredBetweenItsRecentCheckpoints() {
        // The count changes at a checkpoint. Two changes are needed for a speed.
        assertThat(show(500)).isNull();

        advance(1);
        assertThat(show(1_000)).isNull();

        advance(1);
        assertThat(show(1_000)).isNull();

        // The second change: 10,000 keys in the 10 s since the first change.
        advance(9);
        assertThat(show(11_000)).isEqualTo(1_000L);

        // Until the next checkpoint, the speed is not changed.
        advance(2);
        assertThat(show(11_000)).isEqualTo(1_000L);

        // The third change: 2,000 keys in the 10 s since the second change.
        advance(8);
        assertThat(show(13_000)).isEqualTo(200L);

        // After an hour, the former counts say nothing about the current speed.
        advance(3_600);
        assertThat(show(20_000)).isNull();
    }

    @Test
    void speed_ofAScanThatNoLongerProgresses_isUnknownAfterAWhile() {
        // The scan visits one key per second for some seconds.
        show(10);
        for (int i = 0; i < 5; i++) {
            advance(1);
            show(20 + i);
        }
        assertThat(show(24)).isEqualTo(1L);

        // Then it visits none for 15 s.
        for (int i = 0; i < 15; i++) {
            advance(1);
            show(24);
        }
        assertThat(show(24)).isNull();
    }

    @Test
    void speed_ofCountsAtTheSameTime_isUnknown() {
        // Three changes in the same moment give no speed.
        show(10);
        show(20);
        assertThat(show(30)).isNull();

        advance(1);
        assertThat(show(30)).isNull();
        assertThat(show(50)).isEqualTo(30L);
    }

    @Test
    void speed_ofAScanThatWaits_isUnknown_andIsMeasuredAnewAfterTheWait() {
        show(10);
        advance(5);

        assertThat(show(20)).isNull();
        assertThat(show(20, "paused by AK1")).isNull();

        // The counts from before the wait are not used.
        advance(1);
        assertThat(show(30)).isNull();
        advance(5);
        assertThat(show(80)).isNull();
        advance(5);
        assertThat(show(130)).isEqualTo(10L);
    }

    /** Advances the clock by some seconds. */
    private void advance(int seconds) {
        now = now.plusSeconds(seconds);
    }

    /** Shows a scan that has visited this many keys on a page, and returns its speed in keys per second. */
    private @Nullable Long show(long visited) {
        return show(visited, /* hold= */ null);
    }

    private @Nullable Long show(long visited, @Nullable String hold) {
        return speeds.record(new ScanView(
                "scan",
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
                hold,
                /* failure= */ null,
                /* method= */ null,
                /* longestStallMs= */ 0,
                /* usedMemoryBefore= */ null,
                /* usedMemoryAfter= */ null,
                /* createdAt= */ now,
                /* startedAt= */ now,
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
                /* sweeps= */ List.of()));
    }
}
