package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Tests that options whose values are sent in seconds accept whole seconds only. */
final class SecondsConverterTest {

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "2000ms, PT2S", "1d, PT24H", "PT1H30M, PT1H30M"})
    void convert_wholeSeconds_isRead(String text, Duration duration) {
        assertThat(new SecondsConverter().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"500ms", "1500ms", "PT1.5S", "0s", "5x"})
    void convert_fractionsAndOtherText_areRefusedWithTheRule(String text) {
        assertThatThrownBy(() -> new SecondsConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("must be ");
    }
}
