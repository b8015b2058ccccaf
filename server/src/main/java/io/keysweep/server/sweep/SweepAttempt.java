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
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes everything that a worker stores about a sweep, as long as no other worker has claimed the sweep.
 *
 * <p>A sweep is the part of a scan that visits one primary. A worker is a process that runs sweeps. It must claim a
 * sweep before it writes. Each claim begins a new attempt with a higher number. An attempt has at most one run: the
 * work of its worker on the sweep without a break.
 *
 * <p>Every method that writes is one transaction, or part of the caller's transaction. The method throws {@link
 * SupersededException} and changes nothing if a newer attempt has claimed the sweep, or if the sweep has finished. A
 * worker that was frozen and thought dead can therefore not overwrite the counts of its successor (fencing).
 *
 * <p>A hold is a time in which the sweep sends no steps (calls that visit keys). Users see the timeline with the scan.
 * Only one thread may use an object of this class.
 */
final class SweepAttempt {

    /** Matches the row of the sweep only if this is its newest attempt and the sweep has not finished. */
    private static final String THIS_ATTEMPT =
            " where " + LockedSweep.SWEEP_KEY_MATCH + " and attempt = :attempt and not finished";

    private final SweepKey key;
    private final int number;
    private final EarlierRun earlier;
    private final ExecutionLease lease;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final WorkerIdentity worker;
    private final Timeline timeline;
    private final InstantSource clock;
    private final SweepTimeline events;
    private final SampleRows samples = new SampleRows();

    /** Whether the sweep may be on hold, because this attempt or an earlier one has recorded a hold. */
    private boolean mayBeHeld;

    /** Counts by database; null until the run has begun. */
    private @Nullable DatabaseCounts databaseCounts;

    /**
     * Creates the attempt for {@link SweepStore#claim}.
     *
     * @param number number of the attempt, 1 for the first attempt at the sweep
     * @param earlier the last run of the sweep before this attempt
     * @param held whether the sweep is on hold when it is claimed
     */
    SweepAttempt(
            SweepKey key,
            int number,
            EarlierRun earlier,
            boolean held,
            ExecutionLease lease,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            WorkerIdentity worker,
            Timeline timeline,
            InstantSource clock) {
        this.key = key;
        this.number = number;
        this.earlier = earlier;
        this.mayBeHeld = held;
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
     * Records that a run begins, and ends the hold if the sweep is on hold. Stores the method of its steps (the calls
     * that visit keys). At the first run of the sweep, also stores the memory and the keys of the server. Adds events
     * to the timeline if the worker has changed since the last run, or if there was a failover or a restart of the
     * server.
     *
     * <p>Renews the lease on the execution (db-scheduler's entry for the sweep). If the worker was frozen just
     * before, db-scheduler would otherwise revive the execution a moment later.
     *
     * @param inspection state of the server when the run begins
     * @throws SupersededException if a newer attempt has claimed the sweep, if the sweep has finished, or if this
     *     worker has lost its lease on the execution
     */
    void recordRunStart(PrimarySummary inspection) {
        write(SweepRowChange.ofRunStart(inspection, worker.id()), sweep -> {
            if (!lease.renew()) {
                throw new SupersededException(key);
            }
            endOpenHold(sweep);
            events.addRunStart(sweep, earlier, mayBeHeld, inspection.profile(), inspection.nodeId());
            boolean isFirstRun = earlier.runs() == 0;
            databaseCounts = DatabaseRows.beginRun(sweep, inspection, isFirstRun);
        });
        mayBeHeld = false;
    }

    /**
     * Records the start of a hold that no user has requested, or the end of a hold.
     *
     * @param reason why the sweep is on hold, or null if it continues
     */
    void recordHold(@Nullable String reason) {
        recordHold(reason, HoldCause.SERVER);
    }

    /**
     * Records the start or the end of a hold (a time without steps). Users see the reason.
     *
     * @param reason why the sweep is on hold, or null if it continues
     * @param cause what keeps the sweep on hold: the server, the lost connection or a request of a user
     */
    void recordHold(@Nullable String reason, HoldCause cause) {
        mayBeHeld = true;
        write(SweepRowChange.ofHold(reason), sweep -> {
            HoldRows.change(sweep, reason);
            events.changeHold(sweep, reason, cause);
        });
    }

    /**
     * Records in the timeline that the number of reclaimed keys has become an estimate.
     *
     * @param reason why, in words for users
     */
    void recordEstimate(String reason) {
        record(sweep -> events.addEstimate(sweep, reason));
    }

    void recordHoldEnd() {
        recordHold(/* reason= */ null);
    }

    /**
     * Stores a checkpoint: the positions and counts from which another attempt can continue.
     *
     * @param progress latest progress, or null if there is none yet
     * @param isFirst whether this is the first checkpoint of the attempt, which replaces all stored positions
     * @param positions positions that have changed since the last checkpoint of this attempt
     */
    void storeCheckpoint(
            SweepEvent.Checkpointed event,
            @Nullable SweepProgress progress,
            boolean isFirst,
            Collection<Checkpoint.DatabasePosition> positions) {
        Checkpoint checkpoint = event.checkpoint();
        DatabaseCounts runCounts = databaseCounts;
        List<DatabaseCount> changedCounts = runCounts == null
                ? List.of()
                : runCounts.changedCounts(checkpoint.visited(), checkpoint.reclaimed(), event.databases());
        write(SweepRowChange.ofCheckpoint(checkpoint, progress), sweep -> {
            PositionRows.store(sweep, isFirst, positions);
            DatabaseRows.store(sweep, changedCounts);
            samples.store(sweep, checkpoint, progress);
            events.followPrimary(sweep, checkpoint.replicationIdentity().runId(), checkpoint.nodeId());
            events.changeSlowdown(sweep, progress == null ? null : progress.slowedBy());
        });
        // The counts are marked as stored only after the commit. If the transaction is rolled back, the next checkpoint
        // must write them again.
        if (runCounts != null) {
            runCounts.markStored(changedCounts);
        }
    }

    /**
     * Records that the run has ended in an orderly way while the sweep has not, for example because the sweep must
     * wait.
     *
     * @param report change of memory and keys during the run
     */
    void recordRunEnd(MemoryReport report) {
        transaction.executeWithoutResult(status -> endRun(lock(), report));
    }

    /**
     * Records that the run was interrupted, so that another run must continue the sweep.
     *
     * @param report change of memory and keys during the run, or null if it is not known
     * @param reason why the run was interrupted, in words for users
     */
    void recordInterruption(@Nullable MemoryReport report, String reason) {
        transaction.executeWithoutResult(status -> {
            LockedSweep sweep = lock();
            // This call must precede endRun(), which clears the column that shows an open run.
            RunRows.interrupt(sweep, reason);
            if (report != null) {
                endRun(sweep, report);
            }
        });
    }

    private void endRun(LockedSweep sweep, MemoryReport report) {
        RunRows.end(sweep, report);
        DatabaseRows.endRun(sweep, report.keysAfter());
        events.closeSlowdown(sweep);
    }

    /**
     * Ends the run and the sweep, and stores the counts of the report.
     *
     * @param failure why the sweep has failed, or null if it has succeeded
     */
    void finish(SweepReport report, @Nullable String failure) {
        write(SweepRowChange.ofEnd(report, failure), sweep -> {
            if (databaseCounts != null) {
                DatabaseRows.store(
                        sweep, databaseCounts.changedCounts(report.visited(), report.reclaimed(), report.databases()));
            }
            endRun(sweep, report.memory());
            if (report.ending() == SweepReport.Ending.TIMED_OUT) {
                events.addTimeout(sweep, failure);
            }
            endHolds(sweep);
        });
    }

    /**
     * Ends a sweep that has no report, because it could not begin or has failed. The sweep keeps the counts of its last
     * checkpoint, and no slot is treated as covered.
     *
     * <p>The reclaimed keys are no longer exact if the server may have done steps after that checkpoint.
     *
     * @param failure why the sweep has failed, or null if other sweeps cover its keys
     */
    void fail(@Nullable String failure) {
        write(SweepRowChange.ofFailure(failure), this::endHolds);
    }

    /**
     * Ends a sweep whose scan has reached its timeout, if there is no report of the engine because the server could not
     * be swept. Stores the same values as {@link #fail}, and adds the timeout to the timeline.
     *
     * @param failure why the sweep has failed, in words for users
     */
    void timeOut(String failure) {
        transaction.executeWithoutResult(status -> {
            events.addTimeout(lock(), failure);
            fail(failure);
        });
    }

    /**
     * Records that the sweep waits for its server, until a run reaches the server.
     *
     * @param since when the server was lost; has no effect if the sweep waits already
     */
    void recordLostServer(Instant since) {
        write(SweepRowChange.ofLostServer(since), sweep -> {});
    }

    /** Returns the time since which the sweep waits for its server; empty if the last run has reached the server. */
    Optional<Instant> serverLostSince() {
        return LockedSweep.statement(
                        jdbc, "select server_away_since from sweep where " + LockedSweep.SWEEP_KEY_MATCH, key)
                .query((row, number) -> Optional.ofNullable(row.getObject("server_away_since", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }

    /**
     * Ends a sweep that only assists its server (raises its settings for a while). Its slots are treated as covered
     * unless it has failed.
     *
     * @param failure why the sweep has failed, or null if few or no expired keys are left
     */
    void finishAssist(@Nullable String failure, boolean timedOut) {
        write(SweepRowChange.ofAssistEnd(failure), sweep -> {
            if (timedOut) {
                events.addTimeout(sweep, failure);
            }
            endHolds(sweep);
        });
    }

    /** Writes rows of other tables about the sweep, in one transaction that first locks the row of the sweep. */
    void record(Consumer<LockedSweep> writes) {
        transaction.executeWithoutResult(status -> writes.accept(lock()));
    }

    private void endHolds(LockedSweep sweep) {
        endOpenHold(sweep);
        events.closeAll(sweep);
    }

    private void endOpenHold(LockedSweep sweep) {
        if (mayBeHeld) {
            HoldRows.change(sweep, /* reason= */ null);
        }
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
     * Locks the row of the sweep without changing it, until the transaction of the caller ends.
     *
     * @throws SupersededException if a newer attempt has claimed the sweep, or if the sweep has finished
     */
    LockedSweep lock() {
        LockedSweep sweep = lockedSweep();
        boolean isNewestAttempt = sweep.statement("select attempt from sweep" + THIS_ATTEMPT + " for update")
                .param("attempt", number)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!isNewestAttempt) {
            throw new SupersededException(key, number);
        }
        return sweep;
    }

    private LockedSweep lockedSweep() {
        return new LockedSweep(key, jdbc, timeline, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}
