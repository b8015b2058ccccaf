package io.keysweep.server.window;

import java.time.Duration;

/**
 * Holds the windows of a project or an instance, and what they mean for its scans.
 *
 * @param windows when sweeps may run
 * @param outside what happens to a sweep when its window closes
 * @param appliesTo which scans the windows apply to
 * @param spread the time over which the starts of different instances are spread; 0 for none
 */
record WindowPolicy(WeeklyWindows windows, Outside outside, AppliesTo appliesTo, Duration spread) {

    /** The policy of an instance without windows: sweeps may run at any time, and starts are not spread. */
    static final WindowPolicy NONE =
            new WindowPolicy(WeeklyWindows.ALWAYS, Outside.HOLD, AppliesTo.AUTOMATIC, Duration.ZERO);

    /** Says what happens to a sweep when its window closes. */
    enum Outside {
        /** The sweep waits, and continues from its checkpoint when the next window opens. */
        HOLD,
        /** The sweep ends as failed; what it has reclaimed stays counted. */
        END
    }

    /** Says which scans the windows apply to. */
    enum AppliesTo {
        /** The windows apply to automatic scans only. */
        AUTOMATIC,
        /** The windows apply to automatic and to manual scans. */
        ALL
    }
}
