package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import io.keysweep.server.console.ScanSpeeds.Speed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ScanSpeedsTest {

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final ScanSpeeds speeds = new ScanSpeeds(() -> now);

    @Test
    void speed_followsTheLastSeconds_andForgetsWhatIsOld() {
        assertThat(show(0, 0)).isEqualTo(new Speed(null, null));
        after(10);
        assertThat(show(10_000, 0.1)).isEqualTo(new Speed(1000L, Duration.ofSeconds(90)));
        after(10);
        assertThat(show(12_000, 0.12)).isEqualTo(new Speed(200L, Duration.ofSeconds(440)));
        after(3600);
        assertThat(show(12_000, 0.12)).isEqualTo(new Speed(null, null));
    }

    @Test
    void speed_ofAScanThatDoesNotMove_isZeroAndWithoutAnEnd() {
        show(10, 0.5);
        after(5);
        assertThat(show(10, 0.5)).isEqualTo(new Speed(0L, null));
    }

    @Test
    void speed_ofAScanOnHold_isNone_andBeginsAnew() {
        show(10, 0.5);
        after(5);
        assertThat(show(20, 0.5, "paused by somebody")).isEqualTo(new Speed(null, null));
        after(5);
        assertThat(show(30, 0.5)).isEqualTo(new Speed(null, null));
        after(5);
        assertThat(show(80, 0.5).keysPerSecond()).isEqualTo(10);
    }

    private void after(int seconds) {
        now = now.plusSeconds(seconds);
    }

    private Speed show(long visited, double fraction) {
        return show(visited, fraction, null);
    }

    private Speed show(long visited, double fraction, @Nullable String hold) {
        return speeds.of(new ScanView(
                "scan",
                "instance",
                "running",
                "manual",
                visited,
                0,
                true,
                fraction,
                hold,
                null,
                null,
                0,
                null,
                null,
                now,
                now,
                null,
                1,
                60,
                new PaceView(null, 1, 1, null, null, null),
                null,
                List.of()));
    }
}
