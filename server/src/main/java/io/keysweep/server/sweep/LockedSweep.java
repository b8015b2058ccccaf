package io.keysweep.server.sweep;

import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Represents a sweep whose row in the table {@code sweep} the current transaction has locked.
 *
 * <p>A sweep is the part of a scan that visits one primary. Classes that write rows about the sweep to other tables
 * take this object as a parameter, so they cannot be called without the lock. {@link SweepAttempt} and {@link
 * SweepStore} create it after they have locked the row. Until the transaction commits, no other worker can claim the
 * sweep. Only the thread of the transaction may use the object.
 *
 * @param key key of the sweep
 * @param jdbc access to the database within the transaction
 * @param timeline timeline of the scan
 * @param now time that the written rows contain, truncated to milliseconds, the precision of the columns
 */
record LockedSweep(SweepKey key, JdbcClient jdbc, Timeline timeline, Instant now) {

    /** Matches the rows of one sweep, in each of its tables. */
    static final String SWEEP_KEY_MATCH = "scan_id = :scanId and round = :round and node_id = :nodeId";

    /** Creates an event about the primary of this sweep, for the timeline. */
    TimelineEvent event(EventType type, @Nullable String why) {
        return TimelineEvent.ofNode(key.scanId(), type, now, key.nodeId(), why);
    }

    /** Ends the open events of some types about the primary of this sweep. */
    void closeEvents(Set<EventType> types) {
        timeline.close(key.scanId(), types, key.nodeId(), now);
    }

    /** Creates a statement for this sweep, with the parameters of {@link #SWEEP_KEY_MATCH} set. */
    JdbcClient.StatementSpec statement(String sql) {
        return statement(jdbc, sql, key);
    }

    /**
     * Creates a statement with the parameters of {@link #SWEEP_KEY_MATCH} set, for a sweep whose row need not be
     * locked.
     */
    static JdbcClient.StatementSpec statement(JdbcClient jdbc, String sql, SweepKey key) {
        return jdbc.sql(sql)
                .param("scanId", key.scanId())
                .param("round", key.round())
                .param("nodeId", key.nodeId());
    }
}
