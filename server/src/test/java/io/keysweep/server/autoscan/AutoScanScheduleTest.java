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

    private static final Instant FIRST_START = Instant.parse("2026-03-28T01:30:00Z");

    private final AutoScanSchedule daily = new AutoScanSchedule(FIRST_START, Duration.ofDays(1));

    @Test
    void nextStart_beforeTheFirst_isTheFirst() {
        assertThat(daily.dueBy(FIRST_START.minusMillis(1))).isEmpty();
        assertThat(daily.dueAfter(FIRST_START.minusMillis(1))).contains(FIRST_START);
    }

    @Test
    void lastStart_atTheTimeOfAStart_isThatStart() {
        assertThat(daily.dueBy(FIRST_START)).contains(FIRST_START);
        assertThat(daily.dueAfter(FIRST_START)).contains(FIRST_START.plus(Duration.ofDays(1)));
    }

    @Test
    void starts_overAYearOfLateCalls_neverDrift() {
        for (int day = 0; day < 366; day++) {
            Instant start = FIRST_START.plus(Duration.ofDays(day));
            Instant lateCall = start.plusSeconds(17 + day);
            assertThat(daily.dueBy(lateCall)).contains(start);
            assertThat(daily.dueAfter(lateCall)).contains(start.plus(Duration.ofDays(1)));
        }
    }

    @Test
    void scheduleWithIntervalZero_hasOneStart() {
        AutoScanSchedule once = new AutoScanSchedule(FIRST_START, Duration.ZERO);
        assertThat(once.dueAfter(FIRST_START.minusSeconds(1))).contains(FIRST_START);
        assertThat(once.dueBy(FIRST_START.plusSeconds(100))).contains(FIRST_START);
        assertThat(once.dueAfter(FIRST_START)).isEmpty();
    }
}
