package io.keysweep.server.scan;

import io.keysweep.server.control.AssistMode;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweptScan;
import io.keysweep.server.sweep.SweptScans;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.server.tracing.ScanTrace;
import io.keysweep.server.tracing.Traces;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores scans in SQL, and publishes a {@link ScanEnded} when a scan ends.
 *
 * <p>A scan waits, runs, and ends as success or failed. It is active while it waits or runs: the column {@code
 * active_instance_id} then contains the id of its instance, and is null afterwards. The column is unique, so an
 * instance has at most one active scan. A scan has one sweep for each primary and round; {@link SweepStore} stores
 * them.
 *
 * <p>An update that changes the state also names the state before. If two processes change a scan at the same time,
 * only one of the updates matches. {@link InstructionWriter} writes the columns for pauses, cancellations and the pace.
 * Thread-safe.
 */
@Repository
public class ScanStore implements SweptScans {

    private final JdbcClient jdbc;
    private final SweepStore sweeps;
    private final ScanRows rows;
    private final Timeline timeline;
    private final Traces traces;
    private final ApplicationEventPublisher events;

    ScanStore(
            JdbcClient jdbc,
            SweepStore sweeps,
            ScanRows rows,
            Timeline timeline,
            Traces traces,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.sweeps = sweeps;
        this.rows = rows;
        this.timeline = timeline;
        this.traces = traces;
        this.events = events;
    }

    /**
     * Adds a scan that waits, with those of its sweeps that are known already and its place in the trace of this
     * thread. Must run in a transaction, so that no scan is stored without its sweeps.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the instance has an active scan
     */
    void insert(Scan scan) {
        ScanTrace trace = traces.newScan();
        jdbc.sql("""
                insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, rate_ceiling,
                    created_at, trace, instance_name, instance_uri)
                values (:id, :instanceId, :instanceId, :type, :state, :timeout, :rateCeiling, :createdAt, :trace,
                    (select name from instance where id = :instanceId),
                    (select uri from instance where id = :instanceId))
                """)
                .param("id", scan.id())
                .param("instanceId", scan.instanceId())
                .param("type", scan.type().wireName())
                .param("state", scan.state().wireName())
                .param("timeout", scan.timeout().toSeconds())
                .param("rateCeiling", scan.rateCeiling())
                .param("createdAt", scan.createdAt().atOffset(ZoneOffset.UTC))
                .param("trace", trace == null ? null : trace.text())
                .update();
        scan.sweeps().forEach(sweeps::insert);
    }

    @Override
    public Optional<SweptScan> findActive(UUID scanId) {
        return jdbc.sql("select * from scan where id = :id and active_instance_id is not null")
                .param("id", scanId)
                .query((row, number) -> {
                    Scan scan = ScanRows.scan(row, /* sweeps= */ List.of());
                    return new SweptScan(
                            scan.instanceId(),
                            scan.type() == ScanType.AUTO,
                            AssistMode.ofWireName(row.getString("assist")).orElse(AssistMode.NONE),
                            scan.timeout(),
                            scan.deadline(),
                            ScanTrace.parse(row.getString("trace")));
                })
                .optional();
    }

    /** Returns the place of a scan in its trace; empty if the trace is not recorded. */
    Optional<ScanTrace> trace(UUID id) {
        return jdbc.sql("select trace from scan where id = :id and trace is not null")
                .param("id", id)
                .query(String.class)
                .optional()
                .map(ScanTrace::parse);
    }

    @Override
    @Transactional
    public Optional<Instant> start(UUID id, Instant now) {
        // Matches only a scan that waits. A scan that another sweep has begun keeps its start time, and its timeline
        // gets no second start.
        int changedRows = jdbc.sql("update scan set state = :next, started_at = greatest(created_at, :now) where id = :id and state = :state")
                .param("next", ScanState.RUNNING.wireName())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .param("state", ScanState.WAITING.wireName())
                .update();
        if (changedRows == 1) {
            timeline.add(TimelineEvent.of(id, EventType.STARTED, now, timeline.thisWorker(), null));
        }
        // Returns the start time if the scan runs, by this call or an earlier one; empty if the scan has ended.
        return jdbc.sql("select started_at from scan where id = :id and state = :state")
                .param("id", id)
                .param("state", ScanState.RUNNING.wireName())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /**
     * Ends an active scan, so that its instance may have another one. Adds the end to the timeline and publishes it.
     *
     * @param end {@code SUCCESS} or {@code FAILED}
     * @param failure why the scan failed, in words for users, at most 1000 characters; null if it has not failed
     * @return false if the scan had ended before or does not exist, or if {@link ScanState#next} does not allow this
     *     end: a scan that waits cannot end as {@code SUCCESS}
     */
    @Transactional
    boolean finish(UUID id, ScanState end, @Nullable String failure, Instant now) {
        List<ScanState> statesBefore = Stream.of(ScanState.values())
                .filter(state -> state.next().contains(end))
                .toList();
        return end(id, statesBefore, end, failure, timeline.thisWorker(), now);
    }

    /**
     * Ends a scan as failed if it still waits, that is, if no worker has begun it. Adds the end to the timeline and
     * publishes it. The caller also ends the sweeps of the scan, in the same transaction.
     *
     * @param failure why the scan is ended, in words for users, at most 1000 characters
     * @return false if a worker has begun the scan, or if the scan had ended before
     */
    @Transactional
    boolean endWaiting(UUID id, String failure, Instant now) {
        // Without an originator, because the timeline has the event of the cancellation before, with the user.
        return end(id, List.of(ScanState.WAITING), ScanState.FAILED, failure, /* originator= */ null, now);
    }

    /**
     * Ends a scan if it is in one of some states. Adds the end to its timeline, which closes all open events, and
     * publishes the end to other packages.
     *
     * @param originator worker that ends the scan, or null if no worker has begun it
     */
    private boolean end(
            UUID id,
            List<ScanState> statesBefore,
            ScanState end,
            @Nullable String failure,
            @Nullable String originator,
            Instant now) {
        boolean hasEnded = jdbc.sql("""
                        update scan set state = :next, failure = :failure, finished_at = greatest(coalesce(started_at, created_at), :now),
                            active_instance_id = null
                        where id = :id and state in (:statesBefore)
                        """)
                        .param("next", end.wireName())
                        .param("failure", failure)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .param("id", id)
                        .param(
                                "statesBefore",
                                statesBefore.stream().map(ScanState::wireName).toList())
                        .update()
                == 1;
        if (hasEnded) {
            timeline.closeAll(id, now);
            timeline.add(TimelineEvent.of(id, EventType.ENDED, now, originator, failure)
                    .withDetail(end.wireName()));
            boolean expired =
                    !timeline.scansWith(EventType.EXPIRED, List.of(id)).isEmpty();
            ScanEnding ending = ScanEnding.of(end, isCancelled(id), expired).orElseThrow();
            events.publishEvent(new ScanEnded(find(id).orElseThrow(), ending));
        }
        return hasEnded;
    }

    /** Returns whether a user has requested to cancel the scan, which a worker may not have carried out. */
    private boolean isCancelled(UUID id) {
        return jdbc.sql("select 1 from scan where id = :id and cancelled_at is not null")
                .param("id", id)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Returns whether the scan exists and is active, that is, waits or runs. */
    boolean isActive(UUID id) {
        return jdbc.sql("select 1 from scan where id = :id and active_instance_id is not null")
                .param("id", id)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Returns the scan with this id, with its sweeps; empty if there is none. */
    public Optional<Scan> find(UUID id) {
        return rows.withSweeps(jdbc.sql("select * from scan where id = :id").param("id", id)).stream()
                .findFirst();
    }

    /**
     * Returns the scans with these ids, with their sweeps, in any order. An id without a scan is left out.
     *
     * @param ids at least one id, because SQL does not allow an empty list after {@code in}
     */
    public List<Scan> find(Collection<UUID> ids) {
        return rows.withSweeps(jdbc.sql("select * from scan where id in (:ids)").param("ids", ids));
    }

    /**
     * Returns scans of an instance, the newest first; the id decides between scans of the same millisecond.
     *
     * @param state only scans in this state, or null for all states
     * @param offset number of scans to skip
     * @param limit maximum number of scans
     */
    public List<Scan> list(UUID instanceId, @Nullable ScanState state, int offset, int limit) {
        return rows.withSweeps(jdbc.sql("select * from scan where instance_id = :instanceId" + stateCondition(state)
                        + " order by created_at desc, id limit :limit offset :offset")
                .param("instanceId", instanceId)
                .param("state", state == null ? null : state.wireName())
                .param("limit", limit)
                .param("offset", offset));
    }

    /**
     * Returns the scans of a project that the query selects, the newest first.
     *
     * @param instanceIds only scans of these instances, at least one; null for all instances of the project
     * @param limit maximum number of scans; replaces {@link ScanQuery#limit}, because the caller reads one scan more to
     *     find out whether another page follows
     */
    List<Scan> list(String projectId, @Nullable Set<UUID> instanceIds, ScanQuery query, int limit) {
        ScanQuery.Cursor after = query.after();
        StringBuilder sql = new StringBuilder(
                "select scan.* from scan join instance on instance.id = scan.instance_id where project_id = :projectId");
        sql.append(query.instanceId() == null ? "" : " and instance_id = :instanceId");
        sql.append(instanceIds == null ? "" : " and instance_id in (:instanceIds)");
        sql.append(query.type() == null ? "" : " and scan_type = :type");
        sql.append(stateCondition(query.state()));
        // Scans after the cursor in the order below; the id decides between scans of the same millisecond.
        sql.append(
                after == null
                        ? ""
                        : " and (scan.created_at < :createdAt or (scan.created_at = :createdAt and scan.id < :id))");
        sql.append(" order by scan.created_at desc, scan.id desc limit :limit");
        return rows.withSweeps(jdbc.sql(sql.toString())
                .param("projectId", projectId)
                .param("instanceId", query.instanceId())
                .param("instanceIds", instanceIds)
                .param("type", query.type() == null ? null : query.type().wireName())
                .param("state", query.state() == null ? null : query.state().wireName())
                .param("createdAt", after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
                .param("id", after == null ? null : after.id())
                .param("limit", limit));
    }

    /**
     * Returns the newest scan of each of these instances, in any order. An instance without a scan is left out.
     *
     * @param instanceIds ids of instances; may be empty
     */
    public List<Scan> latest(Collection<UUID> instanceIds) {
        if (instanceIds.isEmpty()) {
            return List.of();
        }
        // Joins each instance with its newest scan; the id decides between scans of the same millisecond.
        return rows.withSweeps(jdbc.sql("""
                        select scan.* from instance join scan on scan.id = (
                            select newest.id from scan newest where newest.instance_id = instance.id
                            order by newest.created_at desc, newest.id limit 1)
                        where instance.id in (:ids)
                        """).param("ids", instanceIds));
    }

    /**
     * Returns how many scans an instance has, and how many keys they have reclaimed together.
     *
     * @param state only scans in this state, or null for all states
     */
    public ScanTotals totals(UUID instanceId, @Nullable ScanState state) {
        // The left join keeps a scan without sweeps. It repeats a scan for each of its sweeps, so distinct scans are
        // counted.
        return jdbc.sql("select count(distinct scan.id), coalesce(sum(sweep.reclaimed), 0) from scan"
                        + " left join sweep on sweep.scan_id = scan.id where instance_id = :instanceId"
                        + stateCondition(state))
                .param("instanceId", instanceId)
                .param("state", state == null ? null : state.wireName())
                .query((row, number) -> new ScanTotals(row.getLong(1), row.getLong(2)))
                .single();
    }

    /** Returns whether the instance has a scan that waits or runs. */
    public boolean hasActiveScan(UUID instanceId) {
        return jdbc.sql("select 1 from scan where active_instance_id = :instanceId")
                .param("instanceId", instanceId)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Returns the SQL condition on the state, to be appended to a where clause; empty for all states. */
    private static String stateCondition(@Nullable ScanState state) {
        return state == null ? "" : " and scan.state = :state";
    }
}
