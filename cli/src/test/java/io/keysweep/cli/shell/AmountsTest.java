package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AmountsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | 0 B", "1023 | 1023 B", "1024 | 1.0 KiB", "43201331 | 41.2 MiB", "-1536 | -1.5 KiB"})
    void bytes_anyAmount_unitThatFits(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"PT0.4241S | 0.42 s", "PT63S | 63.0 s", "PT12M5S | 12 min 05 s", "PT2H3M | 2 h 03 min"})
    void time_anyLength_asPeopleSayIt(Duration time, String text) {
        assertThat(Amounts.time(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0S | 0 s",
                "PT0.01S | 1 s",
                "PT59.2S | 60 s",
                "PT61S | 1 min",
                "PT125S | 2 min",
                "PT59M31S | 1 h 00 min",
                "PT26H5M | 26 h 05 min"
            })
    void roughly_anyLength_noMoreExactThanItIs(Duration time, String text) {
        assertThat(Amounts.roughly(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0 | 0 %", "0.999 | 99 %", "1 | 100 %", "1.2 | 100 %"})
    void percent_nearlyDone_isNotHundred(double fraction, String text) {
        assertThat(Amounts.percent(fraction)).isEqualTo(text);
    }

    @Test
    void change_lessAndMore_saysWhich() {
        assertThat(Amounts.change(2048, 1024)).isEqualTo("2.0 KiB -> 1.0 KiB (1.0 KiB less)");
        assertThat(Amounts.change(1024, 2048)).isEqualTo("1.0 KiB -> 2.0 KiB (1.0 KiB more)");
    }

    @Test
    void rate_noTimePassed_isZero() {
        assertThat(Amounts.rate(5, Duration.ZERO)).isZero();
        assertThat(Amounts.rate(300_000, Duration.ofMillis(1500))).isEqualTo(200_000);
    }
}
