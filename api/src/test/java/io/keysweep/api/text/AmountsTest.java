package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how counts, bytes, durations and rates are formatted for people. */
final class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "0, key, 0 keys",
        "1, key, 1 key",
        "2000, dead key, '2,000 dead keys'",
        "1, primary, 1 primary",
        "3, primary, 3 primaries",
        "2, hash, 2 hashes"
    })
    void count_withANoun_hasItsPlural(long count, String noun, String text) {
        assertThat(Amounts.count(count, noun)).isEqualTo(text);
    }

    @Test
    void count_thousands_areSeparated() {
        assertThat(Amounts.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Amounts.count(-1_000)).isEqualTo("-1,000");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1048524, 1023.9 KiB",
        "1048525, 1.0 MiB",
        "1048575, 1.0 MiB",
        "-1048575, -1.0 MiB",
        "1073741823, 1.0 GiB",
        "43201331, 41.2 MiB",
        "1073741824, 1.0 GiB",
        "-1536, -1.5 KiB",
        "-2097152, -2.0 MiB"
    })
    void bytes_ofAnySize_neverShow1024OfAUnit(long bytes, String text) {
        assertThat(Amounts.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void change_lessOrMore_isNamed() {
        assertThat(Amounts.change(2048, 1024)).isEqualTo("2.0 KiB -> 1.0 KiB (1.0 KiB less)");
        assertThat(Amounts.change(1024, 2048)).isEqualTo("1.0 KiB -> 2.0 KiB (1.0 KiB more)");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.25S, 0.25 s",
        "PT0.4241S, 0.42 s",
        "PT30S, 30 s",
        "PT9.994S, 9.99 s",
        "PT9.996S, 10.0 s",
        "PT36.54S, 36.5 s",
        "PT59.94S, 59.9 s",
        "PT59.99S, 1 min",
        "PT1M, 1 min",
        "PT63S, 1 min 3 s",
        "PT12M5.4S, 12 min 5 s",
        "PT2H, 2 h",
        "PT2H3M59S, 2 h 3 min",
        "P3DT1H, 3 d 1 h"
    })
    void duration_anyLength_hasTheTwoLargestUnits(Duration duration, String text) {
        assertThat(Amounts.duration(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.01S, 1 s",
        "PT58.9S, 59 s",
        "PT59.2S, 1 min",
        "PT61S, 1 min",
        "PT125S, 2 min",
        "PT59M31S, 1 h",
        "PT2H5M10S, 2 h 5 min",
        "PT26H5M, 1 d 2 h"
    })
    void roughly_anyLength_isNoMorePreciseThanMinutes(Duration duration, String text) {
        assertThat(Amounts.roughly(duration)).isEqualTo(text);
    }

    @Test
    void millis_anyNumber_hasOneDecimal() {
        assertThat(Amounts.millis(1.25)).isEqualTo("1.3 ms");
        assertThat(Amounts.millis(0)).isEqualTo("0.0 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 %",
        "0.25, 25 %",
        "0.29, 29 %",
        "0.99999, 99 %",
        "0.9999999999999, 99 %",
        "1, 100 %",
        "1.2, 100 %",
        "-1, 0 %"
    })
    void percent_ofAnyFraction_is100OnlyForOneAndMore(double fraction, String text) {
        assertThat(Amounts.percent(fraction)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0.0 %", "0.0434, 1, 4.3 %", "0.9996, 1, 99.9 %", "0.999999, 2, 99.99 %", "1, 1, 100.0 %"})
    void percent_withDecimals_is100OnlyForOne(double fraction, int decimals, String text) {
        assertThat(Amounts.percent(fraction, decimals)).isEqualTo(text);
    }

    @Test
    void keysPerSecond_noTimePassed_isZero() {
        assertThat(Amounts.keysPerSecond(5, Duration.ZERO)).isZero();
    }

    @Test
    void keysPerSecond_someTimePassed_isTheRate() {
        assertThat(Amounts.keysPerSecond(300_000, Duration.ofMillis(1500))).isEqualTo(200_000);
    }

    @Test
    void rounded_anyNumber_hasThreeDecimals() {
        assertThat(Amounts.rounded(1.23456)).isEqualTo(1.235);
    }
}
