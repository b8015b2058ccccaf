package io.keysweep.engine.plan;

/** States why a database counts as covered. */
public enum DatabaseCoverage {
    /** Every segment was visited. */
    VISITED,
    /**
     * The server counted no key with a TTL in the database (INFO {@code expires=0}), so no expired key was left in it.
     * Segments that had not been visited by then were left out.
     */
    NO_TTL
}
