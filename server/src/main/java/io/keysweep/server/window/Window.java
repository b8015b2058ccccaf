package io.keysweep.server.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;

/**
 * A window is a time of the week when sweeps may run. If {@code until} is not after {@code from}, the window closes on
 * the next day: 22:00 to 06:00 lasts 8 hours, and 00:00 to 00:00 lasts a whole day.
 *
 * @param days the days on which the window opens; at least one
 * @param from the time of the day at which the window opens
 * @param until the time of the day at which the window closes, exclusive
 */
record Window(Set<DayOfWeek> days, LocalTime from, LocalTime until) {

    Window {
        days = Set.copyOf(days);
    }

    /** Returns whether the window is open at a time of the wall clock. */
    boolean contains(LocalDateTime wallClock) {
        LocalDate date = wallClock.toLocalDate();
        // A window that opened yesterday may last past midnight.
        return contains(date, wallClock) || contains(date.minusDays(1), wallClock);
    }

    /** Returns when the window opens on a date, if the date is one of its days. */
    LocalDateTime opening(LocalDate date) {
        return date.atTime(from);
    }

    /** Returns when the window that opens on a date closes, which can be on the next day. */
    LocalDateTime closing(LocalDate date) {
        return (until.isAfter(from) ? date : date.plusDays(1)).atTime(until);
    }

    /** Returns whether the window opens on a date and, if so, is open at a time. */
    private boolean contains(LocalDate begins, LocalDateTime wallClock) {
        return days.contains(begins.getDayOfWeek())
                && !wallClock.isBefore(opening(begins))
                && wallClock.isBefore(closing(begins));
    }
}
