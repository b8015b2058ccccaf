package io.keysweep.server.scan;

import io.keysweep.server.tracing.ScanTrace;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Reads scans from SQL, one by one, as lists and in totals.
 *
 * <p>A scan is active while it waits or runs: the column {@code active_instance_id} then contains the id of its
 * instance, and is null afterwards. The column is unique, so an instance has at most one active scan.
 *
 * <p>{@link ScanTransitions} adds scans and changes their states. {@link InstructionWriter} writes the columns for
 * pauses, cancellations and the pace. Thread-safe.
 */
@Repository
public class ScanStore {

    private final JdbcClient jdbc;
    private final ScanRows rows;

    ScanStore(JdbcClient jdbc, ScanRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** Returns the ids of a scan's span and trace; empty if the trace is not recorded. */
    Optional<ScanTrace> trace(UUID id) {
        return jdbc.sql("select trace from scan where id = :id and trace is not null")
                .param("id", id)
                .query(String.class)
                .optional()
                .map(ScanTrace::parse);
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
     * Returns scans of an instance, the newest first. Among scans of the same millisecond, the highest id is the first.
     *
     * @param state only scans in this state, or null for all states
     * @param offset number of scans to skip
     * @param limit maximum number of scans
     */
    public List<Scan> list(UUID instanceId, @Nullable ScanState state, int offset, int limit) {
        return rows.withSweeps(jdbc.sql("select * from scan where instance_id = :instanceId" + stateCondition(state)
                        + " order by created_at desc, id desc limit :limit offset :offset")
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
        // The query joins each instance with its newest scan, which is the first scan in the lists above.
        return rows.withSweeps(jdbc.sql("""
                        select scan.* from instance join scan on scan.id = (
                            select newest.id from scan newest where newest.instance_id = instance.id
                            order by newest.created_at desc, newest.id desc limit 1)
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
