package io.keysweep.server.retention;

import java.time.Instant;

/**
 * Deletes the records of one feature that have been kept for long enough, for example ended scans.
 *
 * <p>Each feature with such records has a bean of this type, which deletes only from the feature's own tables. {@link
 * RetentionTask} calls it every hour. Thread-safe.
 */
public interface RetentionRule {

    /** Returns what the rule deletes, in the plural, for the log: {@code scans}. */
    String subject();

    /**
     * Deletes records that are too old or too many, in small transactions. Records of work that has not ended are kept.
     * A rule for records with another limit, such as the audit log, ignores the parameters.
     *
     * @param before records that ended before this time are deleted
     * @param maxPerInstance number of ended records that are kept for each instance, at least 1; the newest records are
     *     kept
     * @return number of deleted records
     */
    int purge(Instant before, int maxPerInstance);
}
