package io.keysweep.server.window;

import java.time.LocalDate;

/**
 * Whole days without sweeps, whatever the windows say.
 *
 * @param first the first day
 * @param last the last day, which is part of it
 */
record Blackout(LocalDate first, LocalDate last) {

    boolean contains(LocalDate date) {
        return !date.isBefore(first) && !date.isAfter(last);
    }
}
