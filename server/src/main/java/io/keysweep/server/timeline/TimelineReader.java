package io.keysweep.server.timeline;

import io.keysweep.api.TimelineEventView;
import io.keysweep.api.TimelineView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads the timelines of scans, which {@link Timeline} has stored. Thread-safe. */
@Repository
public class TimelineReader {

    private final JdbcClient jdbc;

    public TimelineReader(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the timeline of a scan, with the events in the order in which they were added. A scan that does not exist
     * has no events.
     */
    public TimelineView of(UUID scanId) {
        return latest(scanId, Timeline.MAX_EVENTS);
    }

    /**
     * Returns the last events in the timeline of a scan, in the order in which they were added. Their times can be in
     * another order, because the clocks of two workers can differ. The number of omitted events does not include the
     * events that {@code limit} leaves out.
     *
     * @param limit maximum number of events
     */
    public TimelineView latest(UUID scanId, int limit) {
        List<TimelineEventView> events = new ArrayList<>(
                jdbc.sql("select * from scan_event where scan_id = :scanId order by id desc limit :limit")
                        .param("scanId", scanId)
                        .param("limit", limit)
                        .query((row, number) -> readEvent(row))
                        .list());
        long omittedEvents = jdbc.sql("select coalesce(sum(omitted), 0) from scan_event where scan_id = :scanId")
                .param("scanId", scanId)
                .query(Long.class)
                .single();
        return new TimelineView(events.reversed(), omittedEvents);
    }

    /** Returns which of these scans have an event of the type in their timelines. {@code scanIds} may be empty. */
    public Set<UUID> scansWith(EventType type, Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return Set.of();
        }
        return jdbc.sql("select distinct scan_id from scan_event where type = :type and scan_id in (:scanIds)")
                .param("type", type.wireName())
                .param("scanIds", scanIds)
                .query((row, number) -> row.getObject("scan_id", UUID.class))
                .set();
    }

    /** Returns the detail of the last event of a type in the timeline of a scan; empty if there is none. */
    public Optional<String> lastDetail(UUID scanId, EventType type) {
        return jdbc.sql("select detail from scan_event where scan_id = :scanId and type = :type and detail is not null"
                        + " order by id desc limit 1")
                .param("scanId", scanId)
                .param("type", type.wireName())
                .query(String.class)
                .optional();
    }

    /** Reads an event from a row of {@code scan_event}. */
    private static TimelineEventView readEvent(ResultSet row) throws SQLException {
        return new TimelineEventView(
                row.getString("type"),
                row.getObject("began_at", OffsetDateTime.class).toInstant(),
                time(row, "ended_at"),
                row.getString("originator"),
                row.getString("why"),
                row.getString("detail"),
                row.getString("scope"),
                row.getString("node_id"),
                row.getInt("times"));
    }

    /** Returns a time of a row; null for null. */
    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
