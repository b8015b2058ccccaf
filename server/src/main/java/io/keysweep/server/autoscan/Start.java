package io.keysweep.server.autoscan;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A start records that an automatic scan was due, and whether it was started or skipped. Users see the starts of an
 * instance at {@code GET /api/v1/instances/{id}/starts}.
 *
 * @param instanceId the instance that was due
 * @param dueAt when the scan was due; for a start of the schedule, this includes the delay by which the spread
 *     distributes the starts of different instances
 * @param decidedAt when the scan was started or skipped
 * @param cause what made the scan due
 * @param outcome whether a scan was started
 * @param reason why the scan was started or skipped, as a sentence for users
 * @param scanId the scan that was started; null if the start was skipped
 */
record Start(
        UUID instanceId,
        Instant dueAt,
        Instant decidedAt,
        Cause cause,
        Outcome outcome,
        String reason,
        @Nullable UUID scanId) {

    /** Lists what can make an automatic scan due. */
    enum Cause {
        /** A time of the schedule. */
        SCHEDULE,
        /** A shortage of memory: high usage or evicted keys. */
        MEMORY,
        /**
         * A backlog target. There would otherwise be more dead keys (expired keys that still hold memory) than the
         * start policy allows.
         */
        BACKLOG;

        /** Returns the originator that the timeline of the scan shows. */
        String originator() {
            return switch (this) {
                case SCHEDULE -> "automatic scan";
                case MEMORY -> "low memory start";
                case BACKLOG -> "backlog keeper";
            };
        }

        /** Returns the name in JSON and in SQL, such as {@code schedule}. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Says whether a scan was started. */
    enum Outcome {
        /** A scan was created. */
        STARTED,
        /** No scan was created, for example because the backlog was below the threshold. */
        SKIPPED;

        /** Returns the name in JSON and in SQL, such as {@code skipped}. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
