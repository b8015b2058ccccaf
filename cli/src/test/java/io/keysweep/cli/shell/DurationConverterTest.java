package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Tests the durations that options accept, such as {@code 30s} or {@code PT1H30M}. */
final class DurationConverterTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "2H, PT2H",
        "1d, PT24H",
        "PT1H30M, PT1H30M",
        "1h30m, PT1H30M",
        "1 h 30 min, PT1H30M"
    })
    void convert_anyForm_isRead(String text, Duration duration) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5x", "s", "-5s", "0s", "PT0S", "PT-1S", "99999999999s"})
    void convert_otherText_isRefusedWithTheRule(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("must be ");
    }
}
