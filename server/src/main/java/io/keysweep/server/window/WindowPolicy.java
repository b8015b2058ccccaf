package io.keysweep.server.window;

import java.time.Duration;

/**
 * When sweeps may run and what becomes of those that run outside.
 *
 * @param windows when
 * @param outside what becomes of a sweep when its window closes
 * @param appliesTo which scans
 * @param spread over how long the starts of different instances are spread
 */
record WindowPolicy(WeeklyWindows windows, Outside outside, AppliesTo appliesTo, Duration spread) {

    /** Where nobody has set anything: at any time, and nothing is spread. */
    static final WindowPolicy NONE =
            new WindowPolicy(WeeklyWindows.ALWAYS, Outside.HOLD, AppliesTo.AUTOMATIC, Duration.ZERO);

    /** What becomes of a sweep when its window closes. */
    enum Outside {
        /** It goes on from its checkpoint when the next window opens. */
        HOLD,
        /** It ends, and what it has reclaimed stays counted. */
        END
    }

    /** Which scans windows apply to. */
    enum AppliesTo {
        /** Those that the schedule or a trigger starts. */
        AUTOMATIC,
        /** Those that a person starts as well. */
        ALL
    }
}
