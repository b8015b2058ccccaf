package io.keysweep.engine.plan;

/** States why a database is treated as covered: it was visited completely, or it had no key with a TTL left. */
public enum DatabaseCoverage {
    /** Every segment was visited. */
    VISITED,
    /**
     * The server counted no key with a TTL in the database (INFO {@code expires=0}), so no expired key was left in it.
     * The sweep skipped the segments that it had not visited by then.
     */
    NO_TTL
}
