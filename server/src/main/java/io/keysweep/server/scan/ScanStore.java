package io.keysweep.server.scan;

import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweptScan;
import io.keysweep.server.sweep.SweptScans;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores scans in SQL, and publishes a {@link ScanEnded} when a scan ends.
 *
 * <p>An update that changes the state also names the state before. If two processes change a scan at the same time,
 * only one of the updates matches. Thread-safe.
 */
@Repository
public class ScanStore implements SweptScans {

    private final JdbcClient jdbc;
    private final SweepStore sweeps;
    private final Timeline timeline;
    private final ApplicationEventPublisher events;

    ScanStore(JdbcClient jdbc, SweepStore sweeps, Timeline timeline, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.sweeps = sweeps;
        this.timeline = timeline;
        this.events = events;
    }

    /**
     * Adds a scan that waits, with its sweeps.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the instance has an active scan
     */
    void insert(Scan scan) {
        jdbc.sql("""
                insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, rate_ceiling,
                    created_at)
                values (:id, :instanceId, :instanceId, :type, :state, :timeout, :rateCeiling, :createdAt)
                """)
                .param("id", scan.id())
                .param("instanceId", scan.instanceId())
                .param("type", scan.type().wireName())
                .param("state", scan.state().wireName())
                .param("timeout", scan.timeout().toSeconds())
                .param("rateCeiling", scan.rateCeiling())
                .param("createdAt", scan.createdAt().atOffset(ZoneOffset.UTC))
                .update();
        scan.sweeps().forEach(sweeps::insert);
    }

    @Override
    public Optional<SweptScan> findActive(UUID scanId) {
        return jdbc.sql("select * from scan where id = :id and active_instance_id is not null")
                .param("id", scanId)
                .query((row, number) -> row(row))
                .optional()
                .map(scan -> new SweptScan(
                        scan.instanceId(), scan.type() == ScanType.AUTO, scan.timeout(), scan.deadline()));
    }

    @Override
    @Transactional
    public Optional<Instant> start(UUID id, Instant now) {
        // Changes nothing if another sweep of the scan has begun; the scan then keeps its start time.
        int begun = jdbc.sql("update scan set state = :next, started_at = :now where id = :id and state = :state")
                .param("next", ScanState.RUNNING.wireName())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .param("state", ScanState.WAITING.wireName())
                .update();
        if (begun == 1) {
            timeline.add(TimelineEvent.of(id, EventType.STARTED, now, timeline.thisWorker(), null));
        }
        return jdbc.sql("select started_at from scan where id = :id and state = :state")
                .param("id", id)
                .param("state", ScanState.RUNNING.wireName())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /**
     * Ends an active scan, so that its instance may have another one, and publishes the end.
     *
     * @param end {@code SUCCESS} or {@code FAILED}
     * @param failure why the scan failed, or null
     * @return false if the scan had ended before, or if its state does not allow this end
     */
    @Transactional
    boolean finish(UUID id, ScanState end, @Nullable String failure, Instant now) {
        boolean ended = jdbc.sql("""
                        update scan set state = :next, failure = :failure, finished_at = :now, active_instance_id = null
                        where id = :id and state in (:states)
                        """)
                        .param("next", end.wireName())
                        .param("failure", failure)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .param(
                                "states",
                                List.of(ScanState.values()).stream()
                                        .filter(state -> state.next().contains(end))
                                        .map(ScanState::wireName)
                                        .toList())
                        .update()
                == 1;
        return ended && publishEnd(id, end, failure, timeline.thisWorker(), now);
    }

    /**
     * Ends a scan as failed that no worker has begun, and publishes the end.
     *
     * @return false if a worker has begun the scan, or if it has ended before
     */
    @Transactional
    boolean endWaiting(UUID id, String failure, Instant now) {
        boolean ended = jdbc.sql(
                                "update scan set state = :next, failure = :failure, finished_at = :now, active_instance_id = null"
                                        + " where id = :id and state = :state")
                        .param("next", ScanState.FAILED.wireName())
                        .param("failure", failure)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .param("state", ScanState.WAITING.wireName())
                        .update()
                == 1;
        return ended && publishEnd(id, ScanState.FAILED, failure, null, now);
    }

    private boolean publishEnd(
            UUID id, ScanState end, @Nullable String failure, @Nullable String originator, Instant now) {
        timeline.closeAll(id, now);
        timeline.add(
                TimelineEvent.of(id, EventType.ENDED, now, originator, failure).withDetail(end.wireName()));
        events.publishEvent(new ScanEnded(find(id).orElseThrow()));
        return true;
    }

    /** Returns whether the scan exists and is active, that is, waits or runs. */
    boolean active(UUID id) {
        return jdbc.sql("select 1 from scan where id = :id and active_instance_id is not null")
                .param("id", id)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Returns the scan with this id, with its sweeps; empty if there is none. */
    public Optional<Scan> find(UUID id) {
        return withSweeps(jdbc.sql("select * from scan where id = :id")
                        .param("id", id)
                        .query((row, number) -> row(row))
                        .list())
                .stream()
                .findFirst();
    }

    /** Returns the scans with these ids, with their sweeps. An id without a scan is left out. */
    public List<Scan> find(Collection<UUID> ids) {
        return withSweeps(jdbc.sql("select * from scan where id in (:ids)")
                .param("ids", ids)
                .query((row, number) -> row(row))
                .list());
    }

    /**
     * Returns scans of an instance, the newest first.
     *
     * @param state only scans in this state, or null for all states
     * @param offset number of scans to skip
     * @param limit maximum number of scans
     */
    public List<Scan> list(UUID instanceId, @Nullable ScanState state, int offset, int limit) {
        return withSweeps(jdbc.sql("select * from scan where instance_id = :instanceId" + filter(state)
                        + " order by created_at desc, id limit :limit offset :offset")
                .param("instanceId", instanceId)
                .param("state", state == null ? null : state.wireName())
                .param("limit", limit)
                .param("offset", offset)
                .query((row, number) -> row(row))
                .list());
    }

    /**
     * Returns the scans of a project that the query selects, the newest first. The caller gives the limit, because it
     * needs one scan more than {@link ScanQuery#limit}.
     */
    List<Scan> list(String projectId, ScanQuery query, int limit) {
        ScanQuery.Cursor after = query.after();
        StringBuilder sql = new StringBuilder(
                "select scan.* from scan join instance on instance.id = scan.instance_id where project_id = :projectId");
        sql.append(query.instanceId() == null ? "" : " and instance_id = :instanceId");
        sql.append(query.type() == null ? "" : " and scan_type = :type");
        sql.append(filter(query.state()));
        // Scans after the cursor in the order below; the id decides between scans of the same millisecond.
        sql.append(
                after == null
                        ? ""
                        : " and (scan.created_at < :createdAt or (scan.created_at = :createdAt and scan.id < :id))");
        sql.append(" order by scan.created_at desc, scan.id desc limit :limit");
        return withSweeps(jdbc.sql(sql.toString())
                .param("projectId", projectId)
                .param("instanceId", query.instanceId())
                .param("type", query.type() == null ? null : query.type().wireName())
                .param("state", query.state() == null ? null : query.state().wireName())
                .param("createdAt", after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
                .param("id", after == null ? null : after.id())
                .param("limit", limit)
                .query((row, number) -> row(row))
                .list());
    }

    /** Returns the newest scan of each of these instances. An instance without a scan is left out. */
    public List<Scan> latest(Collection<UUID> instanceIds) {
        if (instanceIds.isEmpty()) {
            return List.of();
        }
        return withSweeps(jdbc.sql("""
                        select scan.* from instance join scan on scan.id = (
                            select newest.id from scan newest where newest.instance_id = instance.id
                            order by newest.created_at desc, newest.id limit 1)
                        where instance.id in (:ids)
                        """)
                .param("ids", instanceIds)
                .query((row, number) -> row(row))
                .list());
    }

    /**
     * Returns totals over the scans of an instance.
     *
     * @param state only scans in this state, or null for all states
     */
    public ScanTotals totals(UUID instanceId, @Nullable ScanState state) {
        // The join repeats a scan for each of its sweeps, so only distinct scans are counted.
        return jdbc.sql("select count(distinct scan.id), coalesce(sum(sweep.reclaimed), 0) from scan"
                        + " left join sweep on sweep.scan_id = scan.id where instance_id = :instanceId"
                        + filter(state))
                .param("instanceId", instanceId)
                .param("state", state == null ? null : state.wireName())
                .query((row, number) -> new ScanTotals(row.getLong(1), row.getLong(2)))
                .single();
    }

    /** Returns whether the instance has a scan that waits or runs. */
    public boolean activeExists(UUID instanceId) {
        return jdbc.sql("select 1 from scan where active_instance_id = :instanceId")
                .param("instanceId", instanceId)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Returns the SQL condition on the state, or nothing for all states. */
    private static String filter(@Nullable ScanState state) {
        return state == null ? "" : " and scan.state = :state";
    }

    /** Adds the sweeps to all scans, by one query. */
    private List<Scan> withSweeps(List<Scan> scans) {
        Map<UUID, List<SweepRecord>> found = sweeps
                .ofScans(scans.stream().map(Scan::id).toList())
                .stream()
                .collect(Collectors.groupingBy(SweepRecord::scanId));
        return scans.stream()
                .map(scan -> new Scan(
                        scan.id(),
                        scan.instanceId(),
                        scan.type(),
                        scan.state(),
                        scan.timeout(),
                        scan.rateCeiling(),
                        scan.failure(),
                        scan.createdAt(),
                        scan.startedAt(),
                        scan.finishedAt(),
                        found.getOrDefault(scan.id(), List.of())))
                .toList();
    }

    private static Scan row(ResultSet row) throws SQLException {
        return new Scan(
                row.getObject("id", UUID.class),
                row.getObject("instance_id", UUID.class),
                ScanType.valueOf(row.getString("scan_type").toUpperCase(Locale.ROOT)),
                ScanState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Duration.ofSeconds(row.getLong("timeout_seconds")),
                row.getObject("rate_ceiling", Long.class),
                row.getString("failure"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                List.of());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
