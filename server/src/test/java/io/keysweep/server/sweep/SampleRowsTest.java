package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tests that the time between two samples grows with the length of a run. */
final class SampleRowsTest {

    @Test
    void interval_ofALongRun_isLongerSoThatItHasFewSamples() {
        assertThat(SampleRows.interval(Duration.ZERO)).hasSeconds(2);
        assertThat(SampleRows.interval(Duration.ofMinutes(4))).hasSeconds(2);
        assertThat(SampleRows.interval(Duration.ofHours(1))).hasSeconds(30);

        int samples = 0;
        for (Duration elapsed = Duration.ZERO;
                elapsed.toHours() < 10;
                elapsed = elapsed.plus(SampleRows.interval(elapsed))) {
            samples++;
        }

        assertThat(samples).isBetween(500, 800);
    }
}
