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

    private static final Speed UNSEEN = new Speed(null, null);

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private final ScanSpeeds speeds = new ScanSpeeds(() -> now);

    @Test
    void speed_isThatFromOneCheckpointToAnother_ofTheLastSeconds() {
        assertThat(show(500, 0.01)).isEqualTo(UNSEEN);
        after(1);
        assertThat(show(1000, 0.02)).isEqualTo(UNSEEN);
        after(1);
        assertThat(show(1000, 0.02)).isEqualTo(UNSEEN);
        after(9);
        assertThat(show(11_000, 0.12)).isEqualTo(new Speed(1000L, Duration.ofSeconds(88)));
        after(2);
        assertThat(show(11_000, 0.12)).isEqualTo(new Speed(1000L, Duration.ofSeconds(88)));
        after(8);
        assertThat(show(13_000, 0.14)).isEqualTo(new Speed(200L, Duration.ofSeconds(430)));
        after(3600);
        assertThat(show(20_000, 0.2)).isEqualTo(UNSEEN);
    }

    @Test
    void speed_ofAScanThatDoesNotMove_isSoonUnseen() {
        show(10, 0.5);
        for (int i = 0; i < 5; i++) {
            after(1);
            show(20 + i, 0.5);
        }
        assertThat(show(24, 0.5)).isEqualTo(new Speed(1L, null));
        for (int i = 0; i < 15; i++) {
            after(1);
            show(24, 0.5);
        }
        assertThat(show(24, 0.5)).isEqualTo(UNSEEN);
    }

    @Test
    void speed_ofAScanOnHold_isNone_andBeginsAnew() {
        show(10, 0.5);
        after(5);
        assertThat(show(20, 0.5)).isEqualTo(UNSEEN);
        assertThat(show(20, 0.5, "paused by somebody")).isEqualTo(UNSEEN);
        after(1);
        assertThat(show(30, 0.5)).isEqualTo(UNSEEN);
        after(5);
        assertThat(show(80, 0.5)).isEqualTo(UNSEEN);
        after(5);
        assertThat(show(130, 0.5).keysPerSecond()).isEqualTo(10);
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
