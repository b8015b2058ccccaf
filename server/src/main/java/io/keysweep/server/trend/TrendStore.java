package io.keysweep.server.trend;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Stores trend points in the table {@code instance_trend}. A trend point contains what a scan or an estimate has
 * measured. Thread-safe.
 */
@Repository
class TrendStore {

    private final JdbcClient jdbc;

    TrendStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A stored point has the id of its row, by which it can be deleted. */
    record StoredPoint(UUID id, TrendPoint point) {}

    /** Adds a point. Does nothing if the instance was removed in the meantime. */
    void add(UUID instanceId, TrendPoint point) {
        jdbc.sql("""
                insert into instance_trend (id, instance_id, measured_at, minutes, scans, reclaimed, visited, dead_keys,
                    dead_bytes, used_memory_before, used_memory_after, inflow)
                select cast(:id as uuid), id, cast(:at as timestamp(3) with time zone), cast(:minutes as int),
                    cast(:scans as int), cast(:reclaimed as bigint), cast(:visited as bigint),
                    cast(:deadKeys as bigint), cast(:deadBytes as bigint), cast(:memoryBefore as bigint),
                    cast(:memoryAfter as bigint), cast(:inflow as bigint)
                from instance where id = :instanceId
                """)
                .param("id", UUID.randomUUID())
                .param("instanceId", instanceId)
                .param("at", utc(point.at().truncatedTo(ChronoUnit.MILLIS)))
                .param("minutes", point.minutes())
                .param("scans", point.scans())
                .param("reclaimed", point.reclaimed())
                .param("visited", point.visited())
                .param("deadKeys", point.deadKeys())
                .param("deadBytes", point.deadBytes())
                .param("memoryBefore", point.usedMemoryBefore())
                .param("memoryAfter", point.usedMemoryAfter())
                .param("inflow", point.inflow())
                .update();
    }

    /**
     * Returns the points of several instances since a moment, the earliest first, by instance id. An instance without
     * points is not in the map.
     */
    Map<UUID, List<TrendPoint>> since(Collection<UUID> instanceIds, Instant since) {
        Map<UUID, List<TrendPoint>> points = new HashMap<>();
        if (!instanceIds.isEmpty()) {
            jdbc.sql("select * from instance_trend where instance_id in (:ids) and measured_at >= :since"
                            + " order by measured_at, id")
                    .param("ids", instanceIds)
                    .param("since", utc(since))
                    .query((ResultSet row) -> {
                        points.computeIfAbsent(row.getObject("instance_id", UUID.class), id -> new ArrayList<>())
                                .add(readPoint(row));
                    });
        }
        return points;
    }

    /**
     * Returns the number of keys that the scans of each instance of a project have reclaimed since a moment, by
     * instance id.
     */
    Map<UUID, Long> reclaimedSince(String projectId, Instant since) {
        Map<UUID, Long> sums = new HashMap<>();
        jdbc.sql("""
                        select trend.instance_id, sum(trend.reclaimed) as reclaimed from instance_trend trend
                        join instance on instance.id = trend.instance_id
                        where instance.project_id = :projectId and trend.measured_at >= :since
                        group by trend.instance_id
                        """).param("projectId", projectId).param("since", utc(since)).query((ResultSet row) -> {
            sums.put(row.getObject("instance_id", UUID.class), row.getLong("reclaimed"));
        });
        return sums;
    }

    /**
     * Returns the latest point with an estimated backlog (number of dead keys) of each instance of a project, by
     * instance id.
     *
     * @param since points from before this moment are ignored
     */
    Map<UUID, TrendPoint> latestBacklogs(String projectId, Instant since) {
        Map<UUID, TrendPoint> backlogs = new HashMap<>();
        jdbc.sql("""
                        select trend.* from instance_trend trend join (
                            select instance_id, max(measured_at) as newest_at from instance_trend
                            where dead_keys is not null and measured_at >= :since
                                and instance_id in (select id from instance where project_id = :projectId)
                            group by instance_id) newest
                        on newest.instance_id = trend.instance_id and newest.newest_at = trend.measured_at
                        where trend.dead_keys is not null
                        """).param("projectId", projectId).param("since", utc(since)).query((ResultSet row) -> {
            backlogs.put(row.getObject("instance_id", UUID.class), readPoint(row));
        });
        return backlogs;
    }

    /**
     * Returns ids of instances that have points from before a moment, at most {@code limit}.
     *
     * @param minutes length of the period that a point covers; 0 for a single measurement. Older points are merged into
     *     longer periods
     */
    List<UUID> instancesBefore(int minutes, Instant before, int limit) {
        return jdbc.sql("select distinct instance_id from instance_trend where minutes = :minutes"
                        + " and measured_at < :before limit :limit")
                .param("minutes", minutes)
                .param("before", utc(before))
                .param("limit", limit)
                .query((row, number) -> row.getObject("instance_id", UUID.class))
                .list();
    }

    /**
     * Returns the points of an instance from before a moment, the earliest first, at most {@code limit}.
     *
     * @param minutes length of the period that a point covers; 0 for a single measurement
     */
    List<StoredPoint> pointsBefore(UUID instanceId, int minutes, Instant before, int limit) {
        return jdbc.sql("select * from instance_trend where instance_id = :instanceId and minutes = :minutes"
                        + " and measured_at < :before order by measured_at, id limit :limit")
                .param("instanceId", instanceId)
                .param("minutes", minutes)
                .param("before", utc(before))
                .param("limit", limit)
                .query((row, number) -> new StoredPoint(row.getObject("id", UUID.class), readPoint(row)))
                .list();
    }

    /** Deletes points by the ids of their rows. Returns how many were deleted. */
    int delete(Collection<UUID> ids) {
        return ids.isEmpty()
                ? 0
                : jdbc.sql("delete from instance_trend where id in (:ids)")
                        .param("ids", ids)
                        .update();
    }

    /** Deletes at most {@code limit} of the points from before a moment. Returns how many were deleted. */
    int deleteBefore(Instant before, int limit) {
        return jdbc.sql("delete from instance_trend where id in (select id from instance_trend"
                        + " where measured_at < :before limit :limit)")
                .param("before", utc(before))
                .param("limit", limit)
                .update();
    }

    private static TrendPoint readPoint(ResultSet row) throws SQLException {
        return new TrendPoint(
                row.getObject("measured_at", OffsetDateTime.class).toInstant(),
                row.getInt("minutes"),
                row.getInt("scans"),
                row.getLong("reclaimed"),
                row.getLong("visited"),
                row.getObject("dead_keys", Long.class),
                row.getObject("dead_bytes", Long.class),
                row.getObject("used_memory_before", Long.class),
                row.getObject("used_memory_after", Long.class),
                row.getObject("inflow", Long.class));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
