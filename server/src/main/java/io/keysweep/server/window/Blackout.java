package io.keysweep.server.window;

import java.time.LocalDate;

/**
 * A blackout is a range of whole days, such as holidays, on which no sweep may run, even inside a {@link Window}.
 *
 * @param first the first day
 * @param last the last day, on which no sweep may run either
 */
record Blackout(LocalDate first, LocalDate last) {

    boolean contains(LocalDate date) {
        return !date.isBefore(first) && !date.isAfter(last);
    }
}
