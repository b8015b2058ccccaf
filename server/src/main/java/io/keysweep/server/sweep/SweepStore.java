package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.worker.ExecutionLeases;
import io.keysweep.server.worker.WorkerIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores sweeps in SQL: adds, claims and reads them.
 *
 * <p>A sweep is the part of a scan that visits one primary, and has one row in the table {@code sweep}. A worker is a
 * process that runs sweeps. It must claim a sweep first, and then writes only through the {@link SweepAttempt} that
 * {@link #claim} returns. Thread-safe.
 */
@Repository
public class SweepStore {

    /** Reason that users see for an interrupted run whose worker has not recorded its end. */
    private static final String LOST_WORKER_REASON =
            "the worker was lost without notice, or had stood still for too long";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ExecutionLeases leases;
    private final WorkerIdentity worker;
    private final Timeline timeline;
    private final InstantSource clock;

    public SweepStore(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            ExecutionLeases leases,
            WorkerIdentity worker,
            Timeline timeline,
            InstantSource clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.leases = leases;
        this.worker = worker;
        this.timeline = timeline;
        this.clock = clock;
    }

    /**
     * Adds a sweep that no worker has begun.
     *
     * @throws org.springframework.dao.DuplicateKeyException if the sweep exists
     */
    public void insert(SweepRecord sweep) {
        // All counts are 0, and therefore exact. The column steps_may_follow has no effect before the first checkpoint.
        statement("""
                insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,
                    expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)
                values (:scanId, :round, :nodeId, :slots, 0, 0, false, 0, 0, 0, true, true, true, 0, 0)
                """, sweep.key()).param("slots", sweep.slots().toString()).update();
    }

    /**
     * Claims a sweep for this worker: begins a new attempt with a higher number, and reads what is stored about the
     * sweep. Earlier attempts can no longer write. If the run of an earlier attempt (the work of its worker on the
     * sweep) is still open, that worker was lost, and the run is recorded as interrupted.
     *
     * <p>Renews the lease on the execution (db-scheduler's entry for the sweep) in the same transaction. If this worker
     * was frozen after it had picked the execution, db-scheduler may have revived the execution for another worker.
     * This worker has then lost its lease, and the claim is rolled back.
     *
     * @param execution execution of the sweep, in the version that this worker has picked
     * @return the claimed sweep; empty if the sweep has finished
     * @throws SupersededException if this worker has lost its lease on the execution
     */
    Optional<ClaimedSweep> claim(SweepKey key, Execution execution) {
        return Objects.requireNonNull(transaction.execute(status -> {
            LockedSweep sweep = lockedSweep(key);
            int claimedRows = sweep.statement("update sweep set attempt = attempt + 1 where "
                            + LockedSweep.SWEEP_KEY_MATCH + " and not finished")
                    .update();
            if (claimedRows == 0) {
                return Optional.empty();
            }

            // The lease is renewed after the update. The update locks the row, so that a successor waits until this
            // transaction has ended.
            ExecutionLease lease = () -> leases.renew(execution);
            if (!lease.renew()) {
                throw new SupersededException(key);
            }

            AtomicBoolean hasOpenRun = new AtomicBoolean();
            ClaimedSweep claimedSweep = sweep.statement("select * from sweep where " + LockedSweep.SWEEP_KEY_MATCH)
                    .query((row, number) -> {
                        hasOpenRun.set(row.getString("run_by") != null);
                        return new ClaimedSweep(
                                new SweepAttempt(
                                        key,
                                        row.getInt("attempt"),
                                        SweepTimeline.EarlierRun.of(row),
                                        /* held= */ row.getString("hold") != null,
                                        lease,
                                        jdbc,
                                        transaction,
                                        worker,
                                        timeline,
                                        clock),
                                readSweep(row),
                                readCheckpoint(row));
                    })
                    .single();

            // Only a lost worker leaves its run open.
            if (hasOpenRun.get()) {
                RunRows.interrupt(sweep, LOST_WORKER_REASON);
            }
            return Optional.of(claimedSweep);
        }));
    }

    /**
     * Ends all sweeps and holds of a scan that ends before a worker has begun it. Sweeps that have finished are not
     * changed. Must be called in the transaction that ends the scan.
     *
     * <p>Raises the attempt numbers, so that a worker that is about to begin a sweep can no longer write.
     *
     * @param failure why the scan ends, in words for users
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void abandon(UUID scanId, String failure) {
        jdbc.sql("update sweep set attempt = attempt + 1, finished = true, failure = :failure, hold = null"
                        + " where scan_id = :scanId and not finished")
                .param("failure", failure)
                .param("scanId", scanId)
                .update();
        jdbc.sql("select distinct round, node_id from sweep_hold where scan_id = :scanId and held_since is not null")
                .param("scanId", scanId)
                .query((row, number) -> new SweepKey(scanId, row.getInt("round"), row.getString("node_id")))
                .list()
                .forEach(key -> HoldRows.change(lockedSweep(key), /* reason= */ null));
    }

    /**
     * Creates the object for a sweep. The caller has locked the row of the sweep, or locks it with its next statement.
     */
    private LockedSweep lockedSweep(SweepKey key) {
        return new LockedSweep(key, jdbc, timeline, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Locks the sweeps of a scan until the transaction of the caller ends.
     *
     * <p>A transaction that ends the scan must call this before it changes the scan or its timeline. Workers lock in
     * the same order: a sweep first, and then, by adding to the timeline, the timeline and the scan. The opposite order
     * could make both wait for each other (a deadlock).
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock(UUID scanId) {
        jdbc.sql("select node_id from sweep where scan_id = :scanId order by round, node_id for update")
                .param("scanId", scanId)
                .query(String.class)
                .list();
    }

    /** Returns all sweeps of several scans in one list, in the order of rounds and node ids. */
    public List<SweepRecord> ofScans(Collection<UUID> scanIds) {
        if (scanIds.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("select * from sweep where scan_id in (:ids) order by round, node_id")
                .param("ids", scanIds)
                .query((row, number) -> readSweep(row))
                .list();
    }

    /**
     * Reads the last checkpoint of a sweep, from which a run can continue; null if there is none. The column {@code
     * run_id} is null until the first checkpoint.
     */
    private @Nullable Checkpoint readCheckpoint(ResultSet row) throws SQLException {
        if (row.getString("run_id") == null) {
            return null;
        }
        SweepKey key = SweepKey.of(row);
        return new Checkpoint(
                row.getString("primary_id") == null ? key.nodeId() : row.getString("primary_id"),
                new ReplicationIdentity(row.getString("run_id"), row.getString("replication_id"), row.getLong("swaps")),
                row.getLong("visited"),
                row.getLong("reclaimed"),
                row.getBoolean("exact"),
                row.getBoolean("alone"),
                row.getBoolean("steps_may_follow") ? uncountedSteps(row) : null,
                row.getLong("expired_keys"),
                deletionPoint(row),
                slots(row, "held"),
                row.getObject("epoch", Long.class),
                row.getDouble("fraction"),
                PositionRows.list(jdbc, key));
    }

    /** Reads the point of the replication stream after the deletions of the sweep; null if it is unknown. */
    private static @Nullable ReplicationPoint deletionPoint(ResultSet row) throws SQLException {
        String history = row.getString("deletion_history");
        return history == null ? null : new ReplicationPoint(history, row.getLong("deletion_offset"));
    }

    /** Reads the steps that the server may have done after the checkpoint, which are not in its counts. */
    private static UncountedSteps uncountedSteps(ResultSet row) throws SQLException {
        return new UncountedSteps(
                row.getLong("uncounted_at_most"),
                row.getLong("uncounted_likely"),
                row.getLong("steps_start_before_us"),
                row.getLong("client_id"),
                row.getString("expiry_traces"));
    }

    private JdbcClient.StatementSpec statement(String sql, SweepKey key) {
        return LockedSweep.statement(jdbc, sql, key);
    }

    /** Reads a set of slots. A column that is null means all slots. */
    private static SlotSet slots(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? SlotSet.ALL : SlotSet.parse(text);
    }

    /** Reads a sweep from a row, which must have all columns of the table. */
    private static SweepRecord readSweep(ResultSet row) throws SQLException {
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
                row.getString("primary_id"),
                RunRows.memory(row));
    }
}
