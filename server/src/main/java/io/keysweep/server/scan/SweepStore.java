package io.keysweep.server.scan;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.Segmentation;
import io.keysweep.engine.plan.Segmentation.Prefixes;
import io.keysweep.engine.plan.Segmentation.Sequential;
import io.keysweep.engine.plan.Segmentation.SlotRuns;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.SlotSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sweeps and their checkpoints in SQL. Every write names the attempt that makes it and changes nothing once a later
 * attempt has begun, so a worker that was thought dead cannot spoil the count of its successor.
 */
@Repository
class SweepStore {

    private static final String THE_ONE = "scan_id = :scanId and round = :round and node_id = :nodeId";

    private final JdbcClient jdbc;

    SweepStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws org.springframework.dao.DuplicateKeyException if it is there already */
    void insert(SweepRecord sweep) {
        of("""
                insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,
                    expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)
                values (:scanId, :round, :nodeId, :slots, 0, 0, false, 0, 0, 0, true, true, true, 0, 0)
                """, sweep.key()).param("slots", sweep.slots().toString()).update();
    }

    /**
     * Begins a new attempt, which fences off all earlier ones.
     *
     * @param version of the execution as the worker has taken it up: one that was frozen since then, and whose execution
     *     others have revived, must not fence them off
     * @throws SupersededException if the execution has been taken up by others
     */
    @Transactional
    public int claim(SweepKey key, long version) {
        int claimed = of(
                        "update sweep set attempt = attempt + 1 where " + THE_ONE
                                + " and exists (select 1 from scheduled_tasks where task_name = :task"
                                + " and task_instance = :execution and version = :version)",
                        key)
                .param("task", SweepTask.SWEEP.getTaskName())
                .param("execution", key.toString())
                .param("version", version)
                .update();
        if (claimed == 0) {
            throw new SupersededException(key);
        }
        return of("select attempt from sweep where " + THE_ONE, key)
                .query(Integer.class)
                .single();
    }

    /** Notes the method and the memory at the start. */
    void started(SweepKey key, int attempt, String method, long usedMemory) {
        fenced(
                        "method = :method, used_memory_before = coalesce(used_memory_before, :usedMemory), hold = null",
                        key,
                        attempt)
                .param("method", method)
                .param("usedMemory", usedMemory)
                .update();
    }

    /** Notes a hold, or its end; false if a later attempt has begun. */
    boolean held(SweepKey key, int attempt, @Nullable String reason) {
        return fenced("hold = :hold", key, attempt).param("hold", reason).update() == 1;
    }

    /**
     * Stores a checkpoint; all of it or nothing.
     *
     * @param positions those that have changed since the last checkpoint of this attempt
     * @throws SupersededException if a later attempt has begun
     */
    @Transactional
    public void checkpoint(
            SweepKey key,
            int attempt,
            Checkpoint checkpoint,
            @Nullable SweepProgress progress,
            boolean first,
            Collection<Checkpoint.DatabasePosition> positions) {
        Duration remaining = progress == null ? null : progress.remaining();
        ReplicationIdentity replicationIdentity = checkpoint.replicationIdentity();
        int changed = fenced(
                        "run_id = :runId, replication_id = :replicationId, swaps = :swaps, held = :held, epoch = :epoch,"
                                + " visited = :visited, reclaimed = :reclaimed, exact = :exact,"
                                + " alone = :alone, steps_may_follow = :stepsMayFollow, expired_keys = :expiredKeys,"
                                + " fraction = :fraction, remaining_ms = :remaining,"
                                + " longest_stall_us = greatest(longest_stall_us, :longestStall)",
                        key,
                        attempt)
                .param("runId", replicationIdentity.runId())
                .param("replicationId", replicationIdentity.replicationId())
                .param("swaps", replicationIdentity.swaps())
                .param("held", checkpoint.slots().toString())
                .param("epoch", checkpoint.epoch())
                .param("visited", checkpoint.visited())
                .param("reclaimed", checkpoint.reclaimed())
                .param("exact", checkpoint.exact())
                .param("alone", checkpoint.alone())
                .param("stepsMayFollow", checkpoint.stepsMayFollow())
                .param("expiredKeys", checkpoint.expiredKeys())
                .param("fraction", checkpoint.fraction())
                .param("remaining", remaining == null ? null : remaining.toMillis())
                .param("longestStall", progress == null ? 0 : micros(progress.longestStall()))
                .update();
        if (changed == 0) {
            throw new SupersededException(key, attempt);
        }
        if (first) {
            of("delete from sweep_position where " + THE_ONE, key).update();
        }
        positions.forEach(position -> store(key, position));
    }

    private void store(SweepKey key, Checkpoint.DatabasePosition position) {
        String update = """
                update sweep_position set segment_bits = :segmentBits, slot_run_bits = :slotRunBits, seed = :seed,
                    segments_done = :segmentsDone, scan_cursor = :cursor
                where scan_id = :scanId and round = :round and node_id = :nodeId and db = :db
                """;
        String insert = """
                insert into sweep_position (scan_id, round, node_id, db, segment_bits, slot_run_bits, seed, segments_done, scan_cursor)
                values (:scanId, :round, :nodeId, :db, :segmentBits, :slotRunBits, :seed, :segmentsDone, :cursor)
                """;
        for (String sql : List.of(update, insert)) {
            int changed = of(sql, key)
                    .param("db", position.db())
                    .param("segmentBits", position.segmentation() instanceof Prefixes prefixes ? prefixes.bits() : null)
                    .param("slotRunBits", position.segmentation() instanceof SlotRuns runs ? runs.bits() : null)
                    .param("seed", position.seed())
                    .param("segmentsDone", position.segmentsDone())
                    .param("cursor", position.cursor())
                    .update();
            if (changed == 1) {
                return;
            }
        }
    }

    /** The last checkpoint, or empty if there is none yet. */
    Optional<Checkpoint> lastCheckpoint(SweepKey key) {
        return of("select * from sweep where " + THE_ONE + " and run_id is not null", key)
                .query((row, number) -> new Checkpoint(
                        key.nodeId(),
                        new ReplicationIdentity(
                                row.getString("run_id"), row.getString("replication_id"), row.getLong("swaps")),
                        row.getLong("visited"),
                        row.getLong("reclaimed"),
                        row.getBoolean("exact"),
                        row.getBoolean("alone"),
                        row.getBoolean("steps_may_follow"),
                        row.getLong("expired_keys"),
                        slots(row, "held"),
                        row.getObject("epoch", Long.class),
                        row.getDouble("fraction"),
                        positions(key)))
                .optional();
    }

    private List<Checkpoint.DatabasePosition> positions(SweepKey key) {
        return of("select * from sweep_position where " + THE_ONE + " order by db", key)
                .query((row, number) -> new Checkpoint.DatabasePosition(
                        row.getInt("db"),
                        segmentation(row),
                        row.getLong("seed"),
                        row.getInt("segments_done"),
                        row.getObject("scan_cursor", Long.class)))
                .list();
    }

    /** One of both columns is set, or none where the database is swept in one pass. */
    private static Segmentation segmentation(ResultSet row) throws SQLException {
        Integer prefixBits = row.getObject("segment_bits", Integer.class);
        Integer runBits = row.getObject("slot_run_bits", Integer.class);
        if (prefixBits != null) {
            return new Prefixes(prefixBits);
        }
        return runBits == null ? new Sequential() : new SlotRuns(runBits);
    }

    /** Ends a sweep with its report. */
    void finish(SweepKey key, int attempt, SweepReport report, @Nullable String failure) {
        int changed = fenced(
                        "finished = true, failure = :failure, hold = null, remaining_ms = null, covered = :covered, orphans = :orphans,"
                                + " visited = :visited, reclaimed = :reclaimed,"
                                + " exact = :exact, used_memory_after = :usedMemory, longest_stall_us ="
                                + " greatest(longest_stall_us, :longestStall),"
                                + " fraction = case when :complete then 1 else fraction end",
                        key,
                        attempt)
                .param("failure", failure)
                .param("covered", report.covered().toString())
                .param(
                        "orphans",
                        report.orphans().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .param("visited", report.visited())
                .param("reclaimed", report.reclaimed())
                .param("exact", report.exact())
                .param("usedMemory", report.usedMemoryAfter())
                .param("longestStall", micros(report.longestStall()))
                .param("complete", report.ending() == SweepReport.Ending.COMPLETED)
                .update();
        if (changed == 0) {
            throw new SupersededException(key, attempt);
        }
    }

    /**
     * Ends a sweep that could not be done, with the counts of its last checkpoint and nothing covered; they are not exact
     * if steps were in doubt then.
     *
     * @param failure why, or null if that is no failure since others do it
     */
    void fail(SweepKey key, int attempt, @Nullable String failure) {
        int changed = fenced(
                        "finished = true, failure = :failure, hold = null, remaining_ms = null, covered = '',"
                                + " exact = exact and (run_id is null or not steps_may_follow)",
                        key,
                        attempt)
                .param("failure", failure)
                .update();
        if (changed == 0) {
            throw new SupersededException(key, attempt);
        }
    }

    /** Ends all sweeps of a scan that is over before they have begun. */
    void abandon(UUID scanId, String failure) {
        jdbc.sql("update sweep set attempt = attempt + 1, finished = true, failure = :failure, hold = null"
                        + " where scan_id = :scanId and not finished")
                .param("failure", failure)
                .param("scanId", scanId)
                .update();
    }

    /** All sweeps of those scans. */
    List<SweepRecord> of(List<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("select * from sweep where scan_id in (:ids) order by round, node_id")
                .param("ids", scanIds)
                .query((row, number) -> row(row))
                .list();
    }

    private JdbcClient.StatementSpec fenced(String changes, SweepKey key, int attempt) {
        return of("update sweep set " + changes + " where " + THE_ONE + " and attempt = :attempt and not finished", key)
                .param("attempt", attempt);
    }

    private JdbcClient.StatementSpec of(String sql, SweepKey key) {
        return jdbc.sql(sql)
                .param("scanId", key.scanId())
                .param("round", key.round())
                .param("nodeId", key.nodeId());
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }

    private static SlotSet slots(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? SlotSet.ALL : SlotSet.parse(text);
    }

    private static SweepRecord row(ResultSet row) throws SQLException {
        Long remaining = row.getObject("remaining_ms", Long.class);
        return new SweepRecord(
                row.getObject("scan_id", UUID.class),
                row.getInt("round"),
                row.getString("node_id"),
                SlotSet.parse(row.getString("slots")),
                row.getString("covered") == null ? null : slots(row, "covered"),
                row.getLong("orphans"),
                row.getBoolean("finished"),
                row.getString("failure"),
                row.getLong("visited"),
                row.getLong("reclaimed"),
                row.getBoolean("exact"),
                row.getDouble("fraction"),
                Duration.ofNanos(row.getLong("longest_stall_us") * 1000),
                row.getString("hold"),
                row.getString("method"),
                row.getObject("used_memory_before", Long.class),
                row.getObject("used_memory_after", Long.class),
                remaining == null ? null : Duration.ofMillis(remaining),
                row.getInt("runs"),
                RunHistory.memory(row));
    }
}
