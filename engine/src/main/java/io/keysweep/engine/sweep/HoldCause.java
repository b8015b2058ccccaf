package io.keysweep.engine.sweep;

/**
 * Names the kind of cause of a {@link Hold}, a time in which a sweep sends no steps although its pace would allow them.
 */
public enum HoldCause {
    /** A person or the service has asked the sweep to send no steps. */
    REQUEST,
    /** The connection to the primary broke, or the primary cannot be reached. */
    CONNECTION,
    /**
     * The server is in a state that does not allow steps, for example a high load, paused writes or swapped databases.
     */
    SERVER
}
