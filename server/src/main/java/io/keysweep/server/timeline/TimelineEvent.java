package io.keysweep.server.timeline;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes an event that a feature adds to the {@link Timeline} of a scan.
 *
 * @param scanId id of the scan
 * @param type what happened
 * @param at when the event happened or began
 * @param by originator who caused the event, such as the id of an access key or {@code worker HOST-PID-…}; null if no
 *     caller and no worker did, for example if the server broke the connection
 * @param why reason of the event in words for users, or null if it has none
 * @param detail facts about the event, or null
 * @param nodeId id of the primary that the event concerns, or null for the whole scan
 */
public record TimelineEvent(
        UUID scanId,
        EventType type,
        Instant at,
        @Nullable String by,
        @Nullable String why,
        @Nullable String detail,
        @Nullable String nodeId) {

    /** Creates an event that concerns the whole scan. */
    public static TimelineEvent of(UUID scanId, EventType type, Instant at, @Nullable String by, @Nullable String why) {
        return new TimelineEvent(scanId, type, at, by, why, /* detail= */ null, /* nodeId= */ null);
    }

    /** Creates an event that concerns one primary and has no originator. */
    public static TimelineEvent ofNode(UUID scanId, EventType type, Instant at, String nodeId, @Nullable String why) {
        return new TimelineEvent(scanId, type, at, /* by= */ null, why, /* detail= */ null, nodeId);
    }

    /** Returns a copy of the event with these facts as its detail. */
    public TimelineEvent withDetail(String facts) {
        return new TimelineEvent(scanId, type, at, by, why, facts, nodeId);
    }

    /** Returns a copy of the event with this originator. */
    public TimelineEvent withOriginator(String originator) {
        return new TimelineEvent(scanId, type, at, originator, why, detail, nodeId);
    }
}
