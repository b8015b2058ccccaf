package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one start of an automatic scan.
 *
 * @param instanceId whose
 * @param dueAt when it was due
 * @param decidedAt when it was decided on
 * @param cause what it was due by
 * @param outcome whether a scan was started
 * @param reason why so, for people
 * @param scanId the scan, if one was started
 */
record Start(
        UUID instanceId,
        Instant dueAt,
        Instant decidedAt,
        Cause cause,
        Outcome outcome,
        String reason,
        @Nullable UUID scanId) {

    /** What a start is due by. */
    enum Cause {
        /** The configuration's first time and interval. */
        SCHEDULE,
        /** Memory that runs short. */
        MEMORY,
        /** The backlog target. */
        BACKLOG;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What became of it. */
    enum Outcome {
        /** A scan was created. */
        STARTED,
        /** None was. */
        SKIPPED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
