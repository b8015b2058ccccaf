package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Tests at which times a schedule makes a scan due.
 *
 * <p>{@link AutoScanSchedule#dueBy} returns the last start at or before a time, {@link AutoScanSchedule#dueAfter} the
 * first start after it.
 */
class AutoScanScheduleTest {

    private static final Instant FIRST = Instant.parse("2026-03-28T01:30:00Z");

    private final AutoScanSchedule daily = new AutoScanSchedule(FIRST, Duration.ofDays(1));

    @Test
    void nextStart_beforeTheFirst_isTheFirst() {
        assertThat(daily.dueBy(FIRST.minusMillis(1))).isEmpty();
        assertThat(daily.dueAfter(FIRST.minusMillis(1))).contains(FIRST);
    }

    @Test
    void lastStart_atTheTimeOfAStart_isThatStart() {
        assertThat(daily.dueBy(FIRST)).contains(FIRST);
        assertThat(daily.dueAfter(FIRST)).contains(FIRST.plus(Duration.ofDays(1)));
    }

    @Test
    void starts_overAYearOfLateCalls_neverDrift() {
        for (int day = 0; day < 366; day++) {
            Instant start = FIRST.plus(Duration.ofDays(day));
            Instant late = start.plusSeconds(17 + day);
            assertThat(daily.dueBy(late)).contains(start);
            assertThat(daily.dueAfter(late)).contains(start.plus(Duration.ofDays(1)));
        }
    }

    @Test
    void scheduleWithIntervalZero_hasOneStart() {
        AutoScanSchedule once = new AutoScanSchedule(FIRST, Duration.ZERO);
        assertThat(once.dueAfter(FIRST.minusSeconds(1))).contains(FIRST);
        assertThat(once.dueBy(FIRST.plusSeconds(100))).contains(FIRST);
        assertThat(once.dueAfter(FIRST)).isEmpty();
    }
}
