package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.UncountedSteps;
import io.keysweep.engine.reclaim.ServerProfile;
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
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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

    private static final UncountedSteps NO_STEPS = new UncountedSteps(0, 0, 0, 0, "");

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
        ServerProfile profile = inspection.profile();
        long expires = inspection.expires().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        transaction.executeWithoutResult(status -> {
            EarlierRun earlier = SweepTimeline.earlierRun(lock());
            write(
                    "method = :method, used_memory_before = coalesce(used_memory_before, :usedMemory), hold = null,"
                            + " runs = runs + 1, run_by = :worker, last_worker = :worker, primary_id = :primary,"
                            + " keys_before = coalesce(keys_before, :keys),"
                            + " expires_before = coalesce(expires_before, :expires),"
                            + " run_before = coalesce(run_before, :runId)",
                    statement -> statement
                            .param("method", profile.method() + ": " + profile.methodReason())
                            .param("usedMemory", inspection.usedMemory())
                            .param("worker", worker.id())
                            .param("primary", inspection.nodeId())
                            .param("keys", inspection.totalKeys())
                            .param("expires", expires)
                            .param("runId", profile.runId()),
                    sweep -> {
                        if (!lease.renew()) {
                            throw new SupersededException(key);
                        }
                        HoldRows.change(sweep, null);
                        events.started(sweep, earlier, profile, inspection.nodeId());
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
     * @param cause the kind of the reason
     */
    void held(@Nullable String reason, HoldCause cause) {
        write("hold = :hold", statement -> statement.param("hold", reason), sweep -> {
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
        Duration remaining = progress == null ? null : progress.remaining();
        ReplicationIdentity identity = checkpoint.replicationIdentity();
        UncountedSteps uncounted = Objects.requireNonNullElse(checkpoint.uncounted(), NO_STEPS);
        write(
                "run_id = :runId, replication_id = :replicationId, primary_id = :primary, swaps = :swaps,"
                        + " held = :held, epoch = :epoch,"
                        + " visited = :visited, reclaimed = :reclaimed, exact = :exact, alone = :alone,"
                        + " steps_may_follow = :stepsMayFollow, uncounted_at_most = :atMost,"
                        + " uncounted_likely = :likely, steps_start_before_us = :startBefore, client_id = :clientId,"
                        + " expiry_traces = :traces, expired_keys = :expiredKeys, fraction = :fraction,"
                        + " remaining_ms = :remaining, longest_stall_us = greatest(longest_stall_us, :longestStall)",
                statement -> statement
                        .param("runId", identity.runId())
                        .param("replicationId", identity.replicationId())
                        .param("primary", checkpoint.nodeId())
                        .param("swaps", identity.swaps())
                        .param("held", checkpoint.slots().toString())
                        .param("epoch", checkpoint.epoch())
                        .param("visited", checkpoint.visited())
                        .param("reclaimed", checkpoint.reclaimed())
                        .param("exact", checkpoint.exact())
                        .param("alone", checkpoint.alone())
                        .param("stepsMayFollow", checkpoint.stepsMayFollow())
                        .param("atMost", uncounted.atMost())
                        .param("likely", uncounted.likely())
                        .param("startBefore", uncounted.notAfterMicros())
                        .param("clientId", uncounted.clientId())
                        .param("traces", uncounted.traces())
                        .param("expiredKeys", checkpoint.expiredKeys())
                        .param("fraction", checkpoint.fraction())
                        .param("remaining", remaining == null ? null : remaining.toMillis())
                        .param("longestStall", progress == null ? 0 : micros(progress.longestStall())),
                sweep -> {
                    PositionRows.store(sweep, first, positions);
                    DatabaseRows.store(sweep, counts);
                    events.followPrimary(sweep, identity.runId(), checkpoint.nodeId());
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
            write(
                    "finished = true, failure = :failure, hold = null, remaining_ms = null, covered = :covered,"
                            + " orphans = :orphans, visited = :visited, reclaimed = :reclaimed, exact = :exact,"
                            + " used_memory_after = :usedMemory,"
                            + " longest_stall_us = greatest(longest_stall_us, :longestStall),"
                            + " fraction = case when :complete then 1 else fraction end",
                    statement -> statement
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
                            .param("complete", report.ending() == SweepReport.Ending.COMPLETED),
                    this::endHolds);
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
        write(
                "finished = true, failure = :failure, hold = null, remaining_ms = null, covered = '',"
                        + " exact = exact and (run_id is null or not steps_may_follow)",
                statement -> statement.param("failure", failure),
                this::endHolds);
    }

    private void endHolds(LockedSweep sweep) {
        HoldRows.change(sweep, null);
        events.ended(sweep);
    }

    /** Updates the row of the sweep, which also locks it, and then writes to the other tables of the sweep. */
    private void write(String changes, UnaryOperator<StatementSpec> parameters, Consumer<LockedSweep> otherTables) {
        transaction.executeWithoutResult(status -> {
            LockedSweep sweep = sweep();
            StatementSpec update =
                    sweep.statement("update sweep set " + changes + where()).param("attempt", number);
            if (parameters.apply(update).update() == 0) {
                throw new SupersededException(key, number);
            }
            otherTables.accept(sweep);
        });
    }

    /** Locks the row of the sweep, after the check that this is the newest attempt. */
    private LockedSweep lock() {
        LockedSweep sweep = sweep();
        boolean newest = sweep.statement("select attempt from sweep" + where() + " for update")
                .param("attempt", number)
                .query(Integer.class)
                .optional()
                .isPresent();
        if (!newest) {
            throw new SupersededException(key, number);
        }
        return sweep;
    }

    private LockedSweep sweep() {
        return new LockedSweep(key, jdbc, timeline, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Matches the sweep only if this is its newest attempt and the sweep has not finished. */
    private static String where() {
        return " where " + LockedSweep.SWEEP_KEY_MATCH + " and attempt = :attempt and not finished";
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
