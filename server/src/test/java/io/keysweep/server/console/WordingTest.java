package io.keysweep.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WordingTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final Wording show = new Wording(NOW);

    @Test
    void amounts_areWrittenAsOnTheCommandLine() {
        assertThat(show.number(1_234)).isEqualTo("1,234");
        assertThat(show.bytes(1_048_576L)).isEqualTo("1.0 MiB");
        assertThat(show.bytes(null)).isEqualTo("–");
        assertThat(show.millis(1.25)).isEqualTo("1.3 ms");
        assertThat(show.percent(0.99999)).isEqualTo("99 %");
        assertThat(show.span(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(show.seconds(90)).isEqualTo("1 min 30 s");
    }

    @Test
    void relative_looksBothWays() {
        assertThat(show.relative(NOW)).isEqualTo("now");
        assertThat(show.relative(NOW.minusSeconds(90))).isEqualTo("2 min ago");
        assertThat(show.relative(NOW.plusSeconds(7200))).isEqualTo("in 2 h");
    }

    @Test
    void example_isAMomentToCome() {
        assertThat(show.example()).isEqualTo("such as 2026-11-27T02:00:00");
    }
}
