package io.keysweep.server.timeline;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Lists the types of events in the {@link Timeline} of a scan.
 *
 * <p>A scan sweeps the primaries of an instance, each by one sweep. An event concerns the whole scan or one primary.
 *
 * <p>Each type has a limit. An event of the whole scan is omitted if the timeline already has as many events as the
 * limit of its type. Events about one primary have a lower limit, {@link #LIMIT_OF_PRIMARIES}. The service can record
 * many of them without a request, so they must leave room for the actions of users and for the end of the scan.
 */
public enum EventType {
    /** The scan was created. */
    CREATED(EventLimits.ALL),
    /** A worker has begun the scan. */
    STARTED(EventLimits.NORMAL),
    /** A user has paused the scan. */
    PAUSED(EventLimits.NORMAL),
    /** A user has ended the pause. */
    RESUMED(EventLimits.NORMAL),
    /**
     * A user has set a project hold or the global hold, or a sweep sends no steps (calls that visit keys) although its
     * pace would allow them.
     */
    HELD(EventLimits.NORMAL),
    /** A user has released a project hold or the global hold. */
    RELEASED(EventLimits.NORMAL),
    /** A sweep is slower than its pace allows, because the server or its clients suffer. */
    SLOWED(EventLimits.NORMAL),
    /** A user has changed the pace. */
    TUNED(EventLimits.NORMAL),
    /**
     * Ceilings limited the pace of the scan when it was created, or a user has changed them since: the ceilings
     * themselves, or the tags of the instance.
     */
    CEILINGS(EventLimits.CEILINGS),
    /** A second person has approved the pace of the scan, which is above its ceilings. */
    APPROVED(EventLimits.NORMAL),
    /** The connection to a primary broke, or the primary cannot be reached. */
    NODE_LOST(EventLimits.NORMAL),
    /** Another node has taken over as the primary. */
    FAILED_OVER(EventLimits.NORMAL),
    /** The server at the same address was restarted: it is a different process than before. */
    RESTARTED(EventLimits.NORMAL),
    /** The number of keys that the sweep of a primary has reclaimed is no longer a count but an estimate. */
    ESTIMATED(EventLimits.NORMAL),
    /** A round (the sweeps of a cluster's primaries side by side) was planned. */
    ROUND(EventLimits.NORMAL),
    /** The run of a worker (its work on a sweep without a break) was interrupted. */
    INTERRUPTED(EventLimits.NORMAL),
    /** Another worker continues a sweep. */
    TAKEN_OVER(EventLimits.NORMAL),
    /**
     * Assist of a primary has begun: some of its settings are raised for a while, so that the server itself removes
     * more expired keys.
     */
    ASSISTING(EventLimits.NORMAL),
    /** Assist of a primary has ended. */
    ASSISTED(EventLimits.NORMAL),
    /** Settings that a lost worker had left raised were restored, or could not be restored. */
    SETTINGS_BACK(EventLimits.NORMAL),
    /** A user has cancelled the scan. */
    CANCELLED(EventLimits.CANCEL),
    /** The scan has reached its timeout. */
    EXPIRED(EventLimits.ALL),
    /** The scan has ended. */
    ENDED(EventLimits.ALL);

    /** The types of events that last for a while, until they end. */
    static final Set<EventType> LASTING = EnumSet.of(PAUSED, HELD, SLOWED, NODE_LOST, ASSISTING);

    /** Limit for events about one primary, of any type; {@link #limit} does not apply to them. */
    static final int LIMIT_OF_PRIMARIES = 500;

    private final int limit;

    EventType(int limit) {
        this.limit = limit;
    }

    /**
     * Contains the limits. The class is necessary because the constants of an enum cannot use static fields of the
     * enum.
     */
    private static final class EventLimits {
        /** The limit for the creation, the timeout and the end of the scan, which are always stored. */
        static final int ALL = Timeline.MAX_EVENTS;

        /** The limit for a cancellation, which leaves room for two events that can follow: EXPIRED and ENDED. */
        static final int CANCEL = ALL - 2;

        /** The limit for ceilings. They change rarely, and the chart of a scan that has ended needs the last change. */
        static final int CEILINGS = 950;

        /**
         * The limit for all other types. The difference to {@link #CANCEL} is a reserve for ceilings and cancellations.
         */
        static final int NORMAL = 900;
    }

    /**
     * Returns how many events the timeline may have, of all types together, before an event of this type that concerns
     * the whole scan is omitted.
     */
    int limit() {
        return limit;
    }

    /** Returns the name in JSON and in SQL, such as {@code node-lost}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
