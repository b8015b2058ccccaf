package io.keysweep.server.timeline;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes an event that a feature adds to the timeline of a scan.
 *
 * @param scanId id of the scan
 * @param type what happened
 * @param at when it happened or began
 * @param by who caused it, such as an access key or a worker; null if the server did
 * @param why reason, or null
 * @param detail facts about the event, or null
 * @param nodeId primary that the event concerns, or null for the whole scan
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
        return new TimelineEvent(scanId, type, at, by, why, null, null);
    }

    /** Creates an event that concerns one primary and that nobody has asked for. */
    public static TimelineEvent ofNode(UUID scanId, EventType type, Instant at, String nodeId, @Nullable String why) {
        return new TimelineEvent(scanId, type, at, null, why, null, nodeId);
    }

    /** Returns the event with facts about it. */
    public TimelineEvent withDetail(String facts) {
        return new TimelineEvent(scanId, type, at, by, why, facts, nodeId);
    }

    /** Returns the event with its originator. */
    public TimelineEvent withOriginator(String originator) {
        return new TimelineEvent(scanId, type, at, originator, why, detail, nodeId);
    }
}
