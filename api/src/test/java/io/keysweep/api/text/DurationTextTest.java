package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which texts are read as durations, and that the text of a duration is read as the same duration. */
final class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "90, 90",
        "90s, 90",
        "1 d, 86400",
        "1d12h, 129600",
        "2 weeks, 1209600",
        "1 H 30 Min, 5400",
        "0, 0",
        "' 5 m ', 300",
        "1 hour 30 minutes, 5400",
        "45 seconds, 45",
        "2 小时 30 分钟, 9000",
        "1天, 86400",
        "2000ms, 2",
        "1h30m, 5400",
        "PT1H30M, 5400",
        "pt0s, 0"
    })
    void parse_aDurationInAnySpelling_returnsTheDuration(String text, long seconds) {
        assertThat(DurationText.parse(text)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-1 d",
                "1.5 h",
                "1 h 2 h",
                "1 month",
                "d",
                "1 h x",
                "1h30",
                "30 1 h",
                "9999999999",
                "PT-1S",
                "P1X"
            })
    void parse_anotherText_isEmpty(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 59, 60, 3661, 86_400, 90_061, 172_800})
    void of_anyDuration_canBeParsedToTheSameDuration(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        assertThat(DurationText.parse(DurationText.of(duration))).contains(duration);
    }

    @Test
    void parse_partOfASecond_isRead() {
        assertThat(DurationText.parse("1 s 500 ms")).contains(Duration.ofMillis(1_500));
        assertThat(DurationText.of(Duration.ofMillis(1_500))).isEqualTo("1 s 500 ms");
    }

    @Test
    void of_aDayAndAHalf_hasDaysAndHours() {
        assertThat(DurationText.of(Duration.ofHours(36))).isEqualTo("1 d 12 h");
    }
}
