package io.keysweep.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how dates and times that people write are read, as the beginning or the end of a period. */
final class MomentTextTest {

    @Test
    void date_withoutATime_beginsAtMidnight_andEndsADayLater() {
        assertThat(MomentText.beginning("2026-12-31")).contains(Instant.parse("2026-12-31T00:00:00Z"));
        assertThat(MomentText.end(" 2026-12-31 ")).contains(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-12-24 02:00", "2026-12-24T02:00:00", "2026-12-24 02:00:00 UTC"})
    void date_withATime_isThisMomentAsBeginningAndEnd(String text) {
        Instant moment = Instant.parse("2026-12-24T02:00:00Z");
        assertThat(MomentText.beginning(text)).contains(moment);
        assertThat(MomentText.end(text)).contains(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-24 02:00:00 GMT",
                "2026-12-24T02:00:00.000Z",
                "2026-12-24 10:00:00 GMT+8",
                "2026-12-23 22:30 GMT-03:30",
                "2026-12-24 07:30 UTC+5:30",
                "2026-12-24T03:00+01:00"
            })
    void date_withATimeAndAZone_isTheMomentInThisZone(String text) {
        assertThat(MomentText.beginning(text)).contains(Instant.parse("2026-12-24T02:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-12-24-05", "2026-12-24 02:00 GMT+19", "2026-12-24 02:00 CET", "2026-12-24 02:00 GMT8"})
    void beginning_ofATextWithAnotherZone_isEmpty(String text) {
        assertThat(MomentText.beginning(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "31.12.2026", "2026-02-30", "2026-12-24 25:00", "0000-01-01", "9999-12-31"})
    void beginning_ofAnotherText_isEmpty(String text) {
        assertThat(MomentText.beginning(text)).isEmpty();
    }
}
