package io.keysweep.engine.sweep;

/** Lists the kinds of causes of a hold, a time in which a sweep sends no steps for a reason other than its pace. */
public enum HoldCause {
    /** A user or the service has paused the sweep. */
    REQUEST,
    /** The connection to the primary broke, or the primary cannot be reached. */
    CONNECTION,
    /** The state of the server, for example a high load, paused writes or swapped databases. */
    SERVER
}
