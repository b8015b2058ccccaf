package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.DatabaseCount;
import io.keysweep.server.sweep.SweepTimeline.EarlierRun;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes everything that a worker stores about a sweep, as long as no other worker has claimed the sweep.
 *
 * <p>Each claim of a sweep begins a new attempt with a higher number. Every method is one transaction, or part of the
 * caller's transaction. It throws {@link SupersededException} and changes nothing if a newer attempt has claimed the
 * sweep. A worker that was suspended and thought dead can therefore not overwrite the counts of its successor
 * (fencing). Used by one thread.
 */
final class SweepAttempt {

    /** Matches the row of the sweep only if this is its newest attempt and the sweep has not finished. */
    private static final String THIS_ATTEMPT =
            " where " + LockedSweep.SWEEP_KEY_MATCH + " and attempt = :attempt and not finished";

    private final SweepKey key;
    private final int number;
    private final Lease lease;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final WorkerIdentity worker;
    private final Timeline timeline;
    private final InstantSource clock;
    private final SweepTimeline events;

    /** Counts by database; null until the run has begun. */
    private @Nullable DatabaseCounts databases;

    /**
     * Renews the lease of the worker on its db-scheduler execution.
     *
     * <p>An implementation knows the execution in the version that the worker has picked.
     */
    @FunctionalInterface
    interface Lease {

        /** Renews the lease in the present transaction. Returns false if the worker has lost the lease. */
        boolean renew();
    }

    /**
     * Creates the attempt for {@link SweepStore#claim}.
     *
     * @param number number of the attempt, 1 for the first attempt at the sweep
     */
    SweepAttempt(
            SweepKey key,
            int number,
            Lease lease,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            WorkerIdentity worker,
            Timeline timeline,
            InstantSource clock) {
        this.key = key;
        this.number = number;
        this.lease = lease;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.worker = worker;
        this.timeline = timeline;
        this.events = new SweepTimeline(timeline, worker);
        this.clock = clock;
    }

    SweepKey key() {
        return key;
    }

    int number() {
        return number;
    }

    /**
     * Records that a run begins, and ends a hold. Stores the method, and for the first run of the sweep the memory and
     * the keys.
     *
     * <p>Renews the lease on the execution. If the worker was suspended just before, db-scheduler would otherwise
     * revive the execution a moment later.
     *
     * @param inspection state of the server when the run begins
     */
    void started(PrimarySummary inspection) {
        transaction.executeWithoutResult(status -> {
            // Read before the write, which replaces the last worker and the primary of the earlier run.
            EarlierRun earlier = SweepTimeline.earlierRun(lock());
            write(SweepRowChange.started(inspection, worker.id()), sweep -> {
                if (!lease.renew()) {
                    throw new SupersededException(key);
                }
                HoldRows.change(sweep, null);
                events.started(sweep, earlier, inspection.profile(), inspection.nodeId());
                databases = DatabaseRows.begin(sweep, inspection, earlier.runs() == 0);
            });
        });
    }

    /** Records that the sweep is on hold because of the state of its server, see {@link #held(String, HoldCause)}. */
    void held(@Nullable String reason) {
        held(reason, HoldCause.SERVER);
    }

    /**
     * Records that the sweep is on hold or continues.
     *
     * @param reason why the sweep is on hold, or null if it continues
     * @param cause whether the server, the lost connection or a request of a user holds the sweep
     */
    void held(@Nullable String reason, HoldCause cause) {
        write(SweepRowChange.held(reason), sweep -> {
            HoldRows.change(sweep, reason);
            events.held(sweep, reason, cause);
        });
    }

    /** Records that the sweep continues after a hold. */
    void continued() {
        held(null);
    }

    /**
     * Stores a checkpoint, from which another attempt can continue.
     *
     * @param progress latest progress, or null if there is none yet
     * @param first whether this is the first checkpoint of the attempt, which replaces all stored positions
     * @param positions positions that have changed since the last checkpoint of this attempt
     */
    void checkpoint(
            SweepEvent.Checkpointed event,
            @Nullable SweepProgress progress,
            boolean first,
            Collection<Checkpoint.DatabasePosition> positions) {
        Checkpoint checkpoint = event.checkpoint();
        DatabaseCounts byDatabase = databases;
        List<DatabaseCount> counts = byDatabase == null
                ? List.of()
                : byDatabase.changed(checkpoint.visited(), checkpoint.reclaimed(), event.databases());
        write(SweepRowChange.checkpoint(checkpoint, progress), sweep -> {
            PositionRows.store(sweep, first, positions);
            DatabaseRows.store(sweep, counts);
            events.followPrimary(sweep, checkpoint.replicationIdentity().runId(), checkpoint.nodeId());
            events.slowed(sweep, progress == null ? null : progress.slowedBy());
        });
        if (byDatabase != null) {
            byDatabase.markStored(counts);
        }
    }

    /**
     * Records that the run has ended in an orderly way while the sweep has not, for example because the sweep must
     * wait.
     */
    void runEnded(MemoryReport run) {
        transaction.executeWithoutResult(status -> end(lock(), run));
    }

    /**
     * Records that the run was interrupted, so that another run must continue the sweep.
     *
     * @param run change of the memory during the run, or null if the server was not reached
     * @param reason why the run was interrupted, in words for users
     */
    void interrupted(@Nullable MemoryReport run, String reason) {
        transaction.executeWithoutResult(status -> {
            LockedSweep sweep = lock();
            // Before the end of the run, which clears the column that shows an open run.
            RunRows.interrupt(sweep, reason);
            if (run != null) {
                end(sweep, run);
            }
        });
    }

    private void end(LockedSweep sweep, MemoryReport run) {
        RunRows.end(sweep, run);
        DatabaseRows.end(sweep, run.keysAfter());
        events.runEnded(sweep);
    }

    /**
     * Ends the run and the sweep, and stores the counts of the report.
     *
     * @param failure why the sweep has failed, or null if it has succeeded
     */
    void finish(SweepReport report, @Nullable String failure) {
        transaction.executeWithoutResult(status -> {
            // Before the sweep is marked as finished, because lock() finds only a sweep that is not.
            LockedSweep locked = lock();
            if (databases != null) {
                DatabaseRows.store(locked, databases.changed(report.visited(), report.reclaimed(), report.databases()));
            }
            end(locked, report.memory());
            if (report.ending() == SweepReport.Ending.TIMED_OUT) {
                events.expired(locked, failure);
            }
            write(SweepRowChange.finished(report, failure), this::endHolds);
        });
    }

    /**
     * Ends a sweep that could not be carried out. The sweep keeps the counts of its last checkpoint, and no slot counts
     * as covered.
     *
     * <p>The number of reclaimed keys is no longer exact if the server may have done steps after that checkpoint.
     *
     * @param failure why the sweep has failed, or null if other sweeps cover its keys
     */
    void fail(@Nullable String failure) {
        write(SweepRowChange.failed(failure), this::endHolds);
    }

    private void endHolds(LockedSweep sweep) {
        HoldRows.change(sweep, null);
        events.ended(sweep);
    }

    /**
     * Changes the row of the sweep, which also locks the row, and then writes to the other tables of the sweep.
     *
     * @throws SupersededException if a newer attempt has claimed the sweep, or if the sweep has finished
     */
    private void write(SweepRowChange change, Consumer<LockedSweep> writeOtherTables) {
        transaction.executeWithoutResult(status -> {
            LockedSweep sweep = lockedSweep();
            StatementSpec update = sweep.statement("update sweep set " + change.assignments() + THIS_ATTEMPT)
                    .param("attempt", number);
            if (change.parameters().apply(update).update() == 0) {
                throw new SupersededException(key, number);
            }
            writeOtherTables.accept(sweep);
        });
    }

    /**
     * Locks the row of the sweep without a change to it.
     *
     * @throws SupersededException if a newer attempt has claimed the sweep, or if the sweep has finished
     */
    private LockedSweep lock() {
        LockedSweep sweep = lockedSweep();
        boolean newest = sweep.statement("select attempt from sweep" + THIS_ATTEMPT + " for update")
                .param("attempt", number)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!newest) {
            throw new SupersededException(key, number);
        }
        return sweep;
    }

    /** Creates the object for a lock that the caller takes by its next statement. */
    private LockedSweep lockedSweep() {
        return new LockedSweep(key, jdbc, timeline, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}
