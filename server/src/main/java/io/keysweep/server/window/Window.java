package io.keysweep.server.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;

/**
 * A window is a time of the week when sweeps may run. A window whose end is not after its beginning ends on the next
 * day: 22:00 to 06:00 lasts 8 hours, and 00:00 to 00:00 a whole day.
 *
 * @param days the days on which the window begins; at least one
 * @param from the time at which it opens
 * @param until the time at which it closes, exclusive
 */
record Window(Set<DayOfWeek> days, LocalTime from, LocalTime until) {

    Window {
        days = Set.copyOf(days);
    }

    /** Returns whether a time of the wall clock is inside this window. */
    boolean contains(LocalDateTime wallClock) {
        LocalDate date = wallClock.toLocalDate();
        return contains(date, wallClock) || contains(date.minusDays(1), wallClock);
    }

    /** Returns when the window opens if it begins on a date. */
    LocalDateTime opening(LocalDate date) {
        return date.atTime(from);
    }

    /** Returns when the window closes if it begins on a date. */
    LocalDateTime closing(LocalDate date) {
        return (until.isAfter(from) ? date : date.plusDays(1)).atTime(until);
    }

    private boolean contains(LocalDate begins, LocalDateTime wallClock) {
        return days.contains(begins.getDayOfWeek())
                && !wallClock.isBefore(opening(begins))
                && wallClock.isBefore(closing(begins));
    }
}
