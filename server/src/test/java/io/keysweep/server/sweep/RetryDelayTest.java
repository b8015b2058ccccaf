package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the delay before a retry is a quarter of the time since the start, from 5 s to 300 s. */
final class RetryDelayTest {

    @ParameterizedTest
    @CsvSource({"0, 5", "20, 5", "60, 15", "1200, 300", "86400, 300"})
    void after_anyTimeSinceTheStart_isAQuarterOfThatTimeFrom5To300Seconds(long secondsSinceStart, long delaySeconds) {
        Instant began = Instant.parse("2026-11-28T21:00:00Z");

        assertThat(RetryDelay.after(began, began.plusSeconds(secondsSinceStart)))
                .isEqualTo(Duration.ofSeconds(delaySeconds));
    }
}
