package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordingTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final Wording show = new Wording(NOW);

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1073741824, 1.0 GiB", "-2097152, -2.0 MiB"})
    void bytes_takeTheLargestUnit(long bytes, String text) {
        assertThat(show.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0 %", "0.99999, 99.9 %", "1, 100.0 %", "0.4321, 43.2 %"})
    void percent_isNever100BeforeTheEnd(double fraction, String text) {
        assertThat(show.percent(fraction)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.25S, 250 ms",
        "PT59.9S, 59 s",
        "PT1M, 1 min",
        "PT3M20S, 3 min 20 s",
        "PT2H5M59S, 2 h 5 min",
        "P3DT1H, 3 d 1 h"
    })
    void span_hasTheTwoLargestUnits(Duration span, String text) {
        assertThat(show.span(span)).isEqualTo(text);
    }

    @Test
    void relative_looksBothWays() {
        assertThat(show.relative(NOW)).isEqualTo("now");
        assertThat(show.relative(NOW.minusSeconds(90))).isEqualTo("1 min 30 s ago");
        assertThat(show.relative(NOW.plusSeconds(7200))).isEqualTo("in 2 h");
    }

    @Test
    void example_isAMomentToCome() {
        assertThat(show.example()).isEqualTo("such as 2026-11-27T02:00:00");
    }
}
