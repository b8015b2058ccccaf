package io.keysweep.server.sweep;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.reclaim.ServerProfile;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.sweep.SweepProgress;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An attempt of a worker at a sweep is the only way to write about the sweep. Every method is one transaction, or part of
 * the caller's, and throws {@link SupersededException} without a change if a newer attempt has claimed the sweep. A
 * worker that was thought dead therefore cannot spoil the counts of its successor. Used by one thread.
 */
final class SweepAttempt {

    private final SweepKey key;
    private final int number;
    private final Lease lease;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final WorkerIdentity worker;
    private final InstantSource clock;

    /** Holds the execution that the worker does, in the version that it has picked. */
    @FunctionalInterface
    interface Lease {

        /** Renews the lease on the execution in the present transaction; returns false if the worker has lost it. */
        boolean renew();
    }

    /** @param number of the attempt, 1 for the first of the sweep */
    SweepAttempt(
            SweepKey key,
            int number,
            Lease lease,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            WorkerIdentity worker,
            InstantSource clock) {
        this.key = key;
        this.number = number;
        this.lease = lease;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.worker = worker;
        this.clock = clock;
    }

    SweepKey key() {
        return key;
    }

    int number() {
        return number;
    }

    /**
     * Records that a run begins: the method, the memory and the keys before it. Ends a hold. Renews the lease on the
     * execution, so that db-scheduler does not revive it a moment later because the worker stood still before.
     */
    void started(PrimarySummary inspection) {
        ServerProfile profile = inspection.profile();
        long expires = inspection.expires().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        write(
                "method = :method, used_memory_before = coalesce(used_memory_before, :usedMemory), hold = null,"
                        + " runs = runs + 1, run_by = :worker, keys_before = coalesce(keys_before, :keys),"
                        + " expires_before = coalesce(expires_before, :expires)",
                statement -> statement
                        .param("method", profile.method() + ": " + profile.methodReason())
                        .param("usedMemory", inspection.usedMemory())
                        .param("worker", worker.id())
                        .param("keys", inspection.totalKeys())
                        .param("expires", expires),
                sweep -> {
                    if (!lease.renew()) {
                        throw new SupersededException(key);
                    }
                    HoldRows.change(sweep, null);
                });
    }

    /** Records the reason of a hold, or null at its end. */
    void held(@Nullable String reason) {
        write("hold = :hold", statement -> statement.param("hold", reason), sweep -> HoldRows.change(sweep, reason));
    }

    /**
     * Stores a checkpoint.
     *
     * @param progress the latest, or null if there is none yet
     * @param first whether this is the first checkpoint of the attempt, which replaces all stored positions
     * @param positions those that have changed since the last checkpoint of this attempt
     */
    void checkpoint(
            Checkpoint checkpoint,
            @Nullable SweepProgress progress,
            boolean first,
            Collection<Checkpoint.DatabasePosition> positions) {
        Duration remaining = progress == null ? null : progress.remaining();
        ReplicationIdentity identity = checkpoint.replicationIdentity();
        write(
                "run_id = :runId, replication_id = :replicationId, swaps = :swaps, held = :held, epoch = :epoch,"
                        + " visited = :visited, reclaimed = :reclaimed, exact = :exact, alone = :alone,"
                        + " steps_may_follow = :stepsMayFollow, expired_keys = :expiredKeys, fraction = :fraction,"
                        + " remaining_ms = :remaining, longest_stall_us = greatest(longest_stall_us, :longestStall)",
                statement -> statement
                        .param("runId", identity.runId())
                        .param("replicationId", identity.replicationId())
                        .param("swaps", identity.swaps())
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
                        .param("longestStall", progress == null ? 0 : micros(progress.longestStall())),
                sweep -> PositionRows.store(sweep, first, positions));
    }

    /** Records that the run has ended in good order, for example because the sweep must wait. */
    void runEnded(MemoryReport run) {
        transaction.executeWithoutResult(status -> RunRows.end(lock(), run));
    }

    /**
     * Records that the run was interrupted, so that another run must continue the sweep.
     *
     * @param run what the run did to memory, or null if the server was not reached
     */
    void interrupted(@Nullable MemoryReport run, String reason) {
        transaction.executeWithoutResult(status -> {
            LockedSweep sweep = lock();
            RunRows.interrupt(sweep, reason);
            if (run != null) {
                RunRows.end(sweep, run);
            }
        });
    }

    /**
     * Ends the run and the sweep with its report.
     *
     * @param failure why the sweep has failed, or null
     */
    void finish(SweepReport report, @Nullable String failure) {
        transaction.executeWithoutResult(status -> {
            RunRows.end(lock(), report.memory());
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
                    sweep -> HoldRows.change(sweep, null));
        });
    }

    /**
     * Ends a sweep that could not be done, with the counts of its last checkpoint and nothing covered. The counts are not
     * exact if the checkpoint left uncertain steps.
     *
     * @param failure why the sweep has failed, or null if other sweeps cover its keys
     */
    void fail(@Nullable String failure) {
        write(
                "finished = true, failure = :failure, hold = null, remaining_ms = null, covered = '',"
                        + " exact = exact and (run_id is null or not steps_may_follow)",
                statement -> statement.param("failure", failure),
                sweep -> HoldRows.change(sweep, null));
    }

    /** Changes the row of the sweep, which locks it, and then its other tables. */
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
        return new LockedSweep(key, jdbc, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private static String where() {
        return " where " + LockedSweep.SWEEP_KEY_MATCH + " and attempt = :attempt and not finished";
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
