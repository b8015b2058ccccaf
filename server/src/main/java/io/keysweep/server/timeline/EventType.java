package io.keysweep.server.timeline;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Lists the types of events in the timeline of a scan.
 *
 * <p>Each type has a limit: an event is omitted if the timeline has that many events already. Events of a primary,
 * which the service records by itself, have the lowest limit, so that they cannot crowd out what people did, nor how
 * the scan ended.
 */
public enum EventType {
    /** The scan was created. */
    CREATED(Limits.ALL),
    /** A worker has begun the scan. */
    STARTED(Limits.PEOPLE),
    /** A person has paused the scan. */
    PAUSED(Limits.PEOPLE),
    /** A person has ended the pause. */
    RESUMED(Limits.PEOPLE),
    /** A person holds the project or all projects, or a sweep makes no steps for another reason than its pace. */
    HELD(Limits.PEOPLE),
    /** A person has released a hold. */
    RELEASED(Limits.PEOPLE),
    /** A sweep is slower than its pace allows, because the server or its clients suffer. */
    SLOWED(Limits.PEOPLE),
    /** A person has changed the pace. */
    TUNED(Limits.PEOPLE),
    /** The connection to a primary broke, or the primary cannot be reached. */
    NODE_LOST(Limits.PEOPLE),
    /** Another node has taken over as the primary. */
    FAILED_OVER(Limits.PEOPLE),
    /** The process of the server is another one than before, at the same address. */
    RESTARTED(Limits.PEOPLE),
    /** A round was planned. */
    ROUND(Limits.PEOPLE),
    /** The run of a worker was interrupted. */
    INTERRUPTED(Limits.PEOPLE),
    /** Another worker continues a sweep. */
    TAKEN_OVER(Limits.PEOPLE),
    /** A person has cancelled the scan. */
    CANCELLED(Limits.CANCEL),
    /** The scan has reached its timeout. */
    EXPIRED(Limits.ALL),
    /** The scan has ended. */
    ENDED(Limits.ALL);

    /** The types of events that last for a while, until they end. */
    static final Set<EventType> LASTING = EnumSet.of(PAUSED, HELD, SLOWED, NODE_LOST);

    /** Number of events that the timeline may have before an event about one primary, of any type, is omitted. */
    static final int LIMIT_OF_PRIMARIES = 500;

    private final int limit;

    EventType(int limit) {
        this.limit = limit;
    }

    /** Holds the limits, in a class of its own because constants of an enum cannot use its static fields. */
    private static final class Limits {
        /** For the creation, the timeout and the end of the scan, which are always stored. */
        static final int ALL = Timeline.MAX_EVENTS;

        /** For a cancel: keeps a place for each of the two events that can follow it, EXPIRED and ENDED. */
        static final int CANCEL = ALL - 2;

        /** For everything else that concerns the whole scan. */
        static final int PEOPLE = 900;
    }

    /** Returns how many events the timeline may have before an event of this type, of the whole scan, is omitted. */
    int limit() {
        return limit;
    }

    /** Returns the name in JSON and in SQL, such as {@code node-lost}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
