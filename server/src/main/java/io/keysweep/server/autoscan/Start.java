package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A start records what happened when an automatic scan was due.
 *
 * @param instanceId the instance
 * @param dueAt when the scan was due
 * @param decidedAt when the scan was started or skipped
 * @param cause what made the scan due
 * @param outcome whether a scan was started
 * @param reason the reason for users
 * @param scanId the scan that was started, or null
 */
record Start(
        UUID instanceId,
        Instant dueAt,
        Instant decidedAt,
        Cause cause,
        Outcome outcome,
        String reason,
        @Nullable UUID scanId) {

    /** Lists what can make a scan due. */
    enum Cause {
        /** The schedule of the instance. */
        SCHEDULE,
        /** Memory that runs short: high usage or evictions. */
        MEMORY,
        /** The backlog target of the start policy. */
        BACKLOG;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Says whether a scan was started. */
    enum Outcome {
        /** A scan was created. */
        STARTED,
        /** No scan was created. */
        SKIPPED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
