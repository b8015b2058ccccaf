package io.keysweep.server.retention;

import java.time.Instant;

/**
 * Removes what one feature has kept for long enough. Each feature that keeps such records has a bean of this type, which
 * deletes from the feature's own tables. Safe to share.
 */
public interface RetentionRule {

    /** Returns what is removed, in the plural, for the log: {@code scans}. */
    String subject();

    /**
     * Removes what is too old or too much, in small transactions.
     *
     * @param before records that ended earlier are removed
     * @param maxPerInstance how many ended records of an instance are kept, the newest
     * @return the number of removed records
     */
    int purge(Instant before, int maxPerInstance);
}
