package io.keysweep.server.window;

import java.time.Duration;

/**
 * Contains the windows of a project or an instance, with their options. Windows are times of the week when sweeps may
 * run.
 *
 * @param windows when sweeps may run
 * @param outside what happens to a sweep when its window closes
 * @param appliesTo which scans must stay inside the windows
 * @param spread the period over which the starts of different instances are distributed; zero for no delay
 */
record WindowPolicy(WeeklyWindows windows, Outside outside, AppliesTo appliesTo, Duration spread) {

    /** The policy of an instance without windows: sweeps may run at any time, and no start is delayed. */
    static final WindowPolicy NONE =
            new WindowPolicy(WeeklyWindows.ALWAYS, Outside.HOLD, AppliesTo.AUTOMATIC, Duration.ZERO);

    /** Says what happens to a sweep when its window closes. */
    enum Outside {
        /** The sweep waits, and continues where it stopped when the next window opens. */
        HOLD,
        /** The sweep ends as failed; the result includes the keys that it has reclaimed. */
        END
    }

    /** Says which scans must stay inside the windows. */
    enum AppliesTo {
        /** Only automatic scans; manual scans may run at any time. */
        AUTOMATIC,
        /** Automatic and manual scans. */
        ALL
    }
}
