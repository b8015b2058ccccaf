package io.keysweep.server.window;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests when weekly windows are open, including windows over midnight and changes between summer and winter time.
 *
 * <p>Windows are times of the week when sweeps may run. A blackout is a range of days when no sweep may run.
 */
class WeeklyWindowsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);
    private static final int MINUTES_PER_DAY = 1440;

    @Test
    void windows_withoutARestriction_areAlwaysOpen() {
        Instant now = Instant.parse("2026-11-24T10:00:00Z");
        assertThat(WeeklyWindows.ALWAYS.isOpenAt(now)).isTrue();
        assertThat(WeeklyWindows.ALWAYS.nextOpening(now)).isEmpty();
        assertThat(WeeklyWindows.ALWAYS.nextClosing(now)).isEmpty();
    }

    @Test
    void window_overMidnight_belongsToTheDayItBeginsOn() {
        WeeklyWindows friday = windows(BERLIN, window(Set.of(FRIDAY), "22:00", "06:00"));
        assertThat(friday.isOpenAt(Instant.parse("2026-11-27T20:59:59Z"))).isFalse();
        assertThat(friday.isOpenAt(Instant.parse("2026-11-27T21:00:00Z"))).isTrue();
        assertThat(friday.isOpenAt(Instant.parse("2026-11-28T04:59:59Z"))).isTrue();
        assertThat(friday.isOpenAt(Instant.parse("2026-11-28T05:00:00Z"))).isFalse();
        assertThat(friday.isOpenAt(Instant.parse("2026-11-28T21:00:00Z"))).isFalse();
        assertThat(friday.nextOpening(Instant.parse("2026-11-24T10:00:00Z")))
                .contains(Instant.parse("2026-11-27T21:00:00Z"));
        assertThat(friday.nextClosing(Instant.parse("2026-11-27T23:00:00Z")))
                .contains(Instant.parse("2026-11-28T05:00:00Z"));
    }

    @Test
    void window_withEqualBeginningAndEnd_isAWholeDay() {
        WeeklyWindows monday = windows(ZoneOffset.UTC, window(Set.of(MONDAY), "00:00", "00:00"));
        Instant opening = Instant.parse("2026-11-30T00:00:00Z");

        assertThat(monday.nextOpening(Instant.parse("2026-11-24T10:00:00Z"))).contains(opening);
        assertThat(monday.nextClosing(opening)).contains(Instant.parse("2026-12-01T00:00:00Z"));
    }

    @Test
    void windows_thatAreAdjacent_areOneWindow() {
        WeeklyWindows week = windows(BERLIN, window(DAILY, "00:00", "12:00"), window(DAILY, "12:00", "00:00"));
        assertThat(week.nextClosing(Instant.parse("2026-11-24T10:00:00Z"))).isEmpty();
        assertThat(week.nextOpening(Instant.parse("2026-11-24T10:00:00Z"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // from, until, now, next opening, closing after it
        // The clocks skip from 02:00 to 03:00, so half of the window does not exist.
        "02:30, 03:30, 2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z, 2026-03-29T01:30:00Z",
        // The clocks skip the whole window, so the next window is a day later.
        "02:10, 02:50, 2026-03-28T12:00:00Z, 2026-03-30T00:10:00Z, 2026-03-30T00:50:00Z",
        // The clocks go back from 03:00 to 02:00, so the window lasts an hour longer.
        "01:00, 04:00, 2026-10-24T12:00:00Z, 2026-10-24T23:00:00Z, 2026-10-25T03:00:00Z",
        // A window within the hour that the clocks repeat opens twice.
        "02:10, 02:50, 2026-10-24T12:00:00Z, 2026-10-25T00:10:00Z, 2026-10-25T00:50:00Z",
        "02:10, 02:50, 2026-10-25T00:50:00Z, 2026-10-25T01:10:00Z, 2026-10-25T01:50:00Z",
    })
    void window_whenTheClocksChange_followsTheWallClock(
            String from, String until, Instant now, Instant opening, Instant closing) {
        WeeklyWindows daily = windows(BERLIN, window(DAILY, from, until));

        assertThat(daily.nextOpening(now)).contains(opening);
        assertThat(daily.nextClosing(opening)).contains(closing);
    }

    @Test
    void blackout_closesWholeDaysOfTheZone() {
        WeeklyWindows windows = new WeeklyWindows(
                BERLIN,
                List.of(window(DAILY, "22:00", "06:00")),
                List.of(new Blackout(LocalDate.parse("2026-12-24"), LocalDate.parse("2026-12-26"))));
        Instant now = Instant.parse("2026-12-23T22:00:00Z");

        assertThat(windows.isOpenAt(now)).isTrue();
        assertThat(windows.nextClosing(now)).contains(Instant.parse("2026-12-23T23:00:00Z"));

        // The blackout ends at midnight, inside the window of the night from the 26th to the 27th.
        assertThat(windows.nextOpening(now)).contains(Instant.parse("2026-12-26T23:00:00Z"));
    }

    @Test
    void window_afterABlackoutOfAYear_isFound() {
        WeeklyWindows windows = new WeeklyWindows(
                ZoneOffset.UTC,
                List.of(window(Set.of(SUNDAY), "01:00", "02:00")),
                List.of(new Blackout(LocalDate.parse("2026-11-01"), LocalDate.parse("2027-10-31"))));
        assertThat(windows.nextOpening(Instant.parse("2026-11-24T10:00:00Z")))
                .contains(Instant.parse("2027-11-07T01:00:00Z"));
    }

    @Test
    void blackout_withoutWindows_isFoundYearsAhead() {
        WeeklyWindows windows = new WeeklyWindows(
                ZoneOffset.UTC,
                List.of(),
                List.of(new Blackout(LocalDate.parse("2028-02-29"), LocalDate.parse("2028-02-29"))));
        Instant now = Instant.parse("2026-11-24T10:00:00Z");

        assertThat(windows.isOpenAt(now)).isTrue();
        assertThat(windows.nextClosing(now)).contains(Instant.parse("2028-02-29T00:00:00Z"));
        assertThat(windows.nextOpening(now)).contains(Instant.parse("2028-03-01T00:00:00Z"));
    }

    /** Compares the next changes with a search through every minute, for random windows, zones and seasons. */
    @Test
    void nextChanges_ofRandomWindows_equalASearchMinuteByMinute() {
        List<ZoneId> zones = List.of(
                BERLIN,
                ZoneOffset.UTC,
                ZoneId.of("America/New_York"),
                ZoneId.of("Australia/Lord_Howe"), // summer time shifts the clocks by half an hour
                ZoneId.of("Atlantic/Azores"), // midnight is repeated
                ZoneId.of("Africa/Cairo"), // midnight is skipped
                ZoneId.of("Asia/Kathmandu"));

        // The days are around a change of the clocks in some zone, or in an ordinary week.
        List<Instant> seasons = List.of(
                Instant.parse("2026-03-07T00:00:00Z"),
                Instant.parse("2026-03-28T00:00:00Z"),
                Instant.parse("2026-04-04T00:00:00Z"),
                Instant.parse("2026-04-23T00:00:00Z"),
                Instant.parse("2026-10-03T00:00:00Z"),
                Instant.parse("2026-10-24T00:00:00Z"),
                Instant.parse("2026-10-29T00:00:00Z"),
                Instant.parse("2026-06-17T00:00:00Z"));
        Random random = new Random(42);

        int repetitions = 250;
        for (int i = 0; i < repetitions; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            Instant now = seasons.get(random.nextInt(seasons.size()))
                    .plus(Duration.ofMinutes(random.nextInt(MINUTES_PER_DAY)));
            WeeklyWindows windows = random(random, zone, LocalDate.ofInstant(now, zone));

            assertThat(List.of(windows.nextOpening(now), windows.nextClosing(now)))
                    .as("%s at %s", windows, now)
                    .isEqualTo(List.of(
                            minuteByMinute(windows, now, /* opening= */ true),
                            minuteByMinute(windows, now, /* opening= */ false)));
        }
    }

    /** Searches for the next opening or closing, minute by minute. */
    private static Optional<Instant> minuteByMinute(WeeklyWindows windows, Instant now, boolean opening) {
        boolean wasOpen = windows.isOpenAt(now);

        // Windows recur each week and the blackouts end within days, so after 23 days without a change none follows.
        for (int minute = 1; minute <= 23 * MINUTES_PER_DAY; minute++) {
            Instant moment = now.plus(Duration.ofMinutes(minute));
            boolean isOpen = windows.isOpenAt(moment);
            if (isOpen == opening && wasOpen != opening) {
                return Optional.of(moment);
            }
            wasOpen = isOpen;
        }
        return Optional.empty();
    }

    /** Returns up to three windows at random times, and at times a blackout of a day or two around today. */
    private static WeeklyWindows random(Random random, ZoneId zone, LocalDate today) {
        List<Window> windows = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
            for (int day = 0; day <= random.nextInt(7); day++) {
                days.add(DayOfWeek.of(1 + random.nextInt(7)));
            }
            windows.add(new Window(days, time(random), time(random)));
        }
        List<Blackout> blackouts = new ArrayList<>();
        if (random.nextBoolean()) {
            LocalDate first = today.plusDays(random.nextInt(6) - 2);
            blackouts.add(new Blackout(first, first.plusDays(random.nextInt(2))));
        }
        return new WeeklyWindows(zone, windows, blackouts);
    }

    private static LocalTime time(Random random) {
        // Half of the times are before 04:00, because clocks change then.
        return LocalTime.ofSecondOfDay(60L * random.nextInt(random.nextBoolean() ? 4 * 60 : MINUTES_PER_DAY));
    }

    private static WeeklyWindows windows(ZoneId zone, Window... windows) {
        return new WeeklyWindows(zone, List.of(windows), List.of());
    }

    private static Window window(Set<DayOfWeek> days, String from, String until) {
        return new Window(days, LocalTime.parse(from), LocalTime.parse(until));
    }
}
