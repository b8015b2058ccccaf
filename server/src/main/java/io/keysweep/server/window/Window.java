package io.keysweep.server.window;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Set;

/**
 * A time of the week when sweeps may run. One whose end is not after its beginning ends on the next day; with both
 * equal it lasts a whole day.
 *
 * @param days on which it begins; at least one
 * @param from when it opens
 * @param until when it closes; not part of it
 */
record Window(Set<DayOfWeek> days, LocalTime from, LocalTime until) {

    Window {
        days = Set.copyOf(days);
    }

    /** Whether the wall clock shows a time in it. */
    boolean contains(LocalDateTime wallClock) {
        LocalDate date = wallClock.toLocalDate();
        return contains(date, wallClock) || contains(date.minusDays(1), wallClock);
    }

    /** When it opens, if it begins on that day. */
    LocalDateTime opening(LocalDate date) {
        return date.atTime(from);
    }

    /** When it closes, if it begins on that day. */
    LocalDateTime closing(LocalDate date) {
        return (until.isAfter(from) ? date : date.plusDays(1)).atTime(until);
    }

    private boolean contains(LocalDate begins, LocalDateTime wallClock) {
        return days.contains(begins.getDayOfWeek())
                && !wallClock.isBefore(opening(begins))
                && wallClock.isBefore(closing(begins));
    }
}
