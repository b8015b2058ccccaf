package io.keysweep.server.cliff;

import java.time.Instant;

/**
 * A known cliff was announced after an earlier forecast; a cliff is a time in which far more keys die than around it.
 *
 * @param from when the cliff begins, according to the last forecast that shows it
 * @param until when the cliff ends
 * @param backlog the dead keys that the servers' own expiry is expected to leave at the end
 * @param expected whether the cliff is still to be expected; false if a later forecast of this time does not show it
 */
record KnownCliff(Instant from, Instant until, long backlog, boolean expected) {

    static KnownCliff of(Cliff cliff) {
        return new KnownCliff(cliff.from(), cliff.until(), cliff.backlog(), /* expected= */ true);
    }

    /** Returns this cliff, marked as no longer expected. */
    KnownCliff asNoLongerExpected() {
        return new KnownCliff(from, until, backlog, /* expected= */ false);
    }

    /**
     * Returns whether this cliff and a cliff of a new forecast are the same. They are the same if their times overlap
     * or touch, because keys at the border of a step (a period of a forecast) can be in the next step of a later
     * forecast.
     */
    boolean isSameAs(Cliff cliff) {
        return !until.isBefore(cliff.from()) && !cliff.until().isBefore(from);
    }
}
