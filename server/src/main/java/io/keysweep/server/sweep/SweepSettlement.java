package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.sweep.HoldCause;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.server.budget.Permits;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.WaitingSweeps;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Settles a sweep, its permit and its execution when a worker stops working on the sweep.
 *
 * <p>A sweep is the part of a scan that visits one primary. A permit allows a sweep to run within the budgets (limits
 * for all sweeps together). An execution is db-scheduler's entry for the sweep. A run is the work of one worker on the
 * sweep, up to a checkpoint (the stored positions and counts). Each method returns what db-scheduler must do with the
 * execution.
 *
 * <p>The methods that take a {@link SweepAttempt} throw {@link SupersededException}, and change nothing, if another
 * worker has claimed the sweep. Thread-safe.
 */
@Component
class SweepSettlement {

    private static final Logger LOG = LoggerFactory.getLogger(SweepSettlement.class);

    private final TransactionTemplate transaction;
    private final Permits permits;
    private final WaitingSweeps waitingSweeps;
    private final ApplicationEventPublisher events;
    private final InstantSource clock;

    SweepSettlement(
            TransactionTemplate transaction,
            Permits permits,
            WaitingSweeps waitingSweeps,
            ApplicationEventPublisher events,
            InstantSource clock) {
        this.transaction = transaction;
        this.permits = permits;
        this.waitingSweeps = waitingSweeps;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Leaves the sweep at its checkpoint for the next worker, because the service stops. The sweep keeps its permit,
     * and the execution is due immediately.
     */
    CompletionHandler<Void> leaveToNextWorker() {
        return (complete, operations) -> operations.reschedule(complete, clock.instant());
    }

    /** Leaves sweep, permit and execution as they are, because another worker has claimed the sweep. */
    CompletionHandler<Void> leaveToClaimingWorker() {
        return (complete, operations) -> {};
    }

    /**
     * Leaves the sweep at its checkpoint, without a permit, until the sweep may continue. Records the end of the run,
     * and a hold (a time without steps) with the reason. The execution is due at the time that the wait names, or after
     * 15 minutes if the wait names none, but never later than the deadline. If the reason changes, the execution is due
     * earlier.
     *
     * @param report change of memory and keys during the run, or null if there was no run
     * @param wait why the sweep must wait, and until when
     * @param deadline when the scan times out, or null if the scan has not begun
     */
    CompletionHandler<Void> await(
            SweepAttempt attempt, @Nullable MemoryReport report, SweepDecision.Wait wait, @Nullable Instant deadline) {
        SweepKey key = attempt.key();
        transaction.executeWithoutResult(status -> {
            if (report != null) {
                attempt.recordRunEnd(report);
            }
            attempt.recordHold(wait.reason(), wait.requested() ? HoldCause.REQUEST : HoldCause.SERVER);
            permits.releaseWhileWaiting(key.toString());
        });
        LOG.info("Sweep of {} waits: {}", key.nodeId(), wait.reason());
        return WaitingExecution.until(
                WaitingExecution.nextCheck(wait, deadline, clock.instant()),
                () -> waitingSweeps.recheckAfter(wait.reason(), key.toString(), key.host(), key.scanId()));
    }

    /**
     * Leaves the sweep at its checkpoint, without a permit, until the sweep tries its server again. Records the run as
     * interrupted and begins a hold. Then publishes {@link SweepPostponed}.
     *
     * @param reason why the server could not be swept, in words for users
     * @param lostAt when the server was lost; has no effect if an earlier run has lost the server and no run has
     *     reached it since
     * @param retryAt when to try again
     */
    CompletionHandler<Void> retry(SweepAttempt attempt, String reason, Instant lostAt, Instant retryAt) {
        SweepKey key = attempt.key();
        transaction.executeWithoutResult(status -> {
            attempt.recordInterruption(/* report= */ null, reason);
            attempt.recordLostServer(lostAt);
            attempt.recordHold("tries again later: " + reason);
            permits.releaseWhileWaiting(key.toString());
        });
        events.publishEvent(new SweepPostponed(key));
        LOG.warn("Sweep of {} tries again at {}: {}", key.nodeId(), retryAt, reason);
        return WaitingExecution.until(retryAt, () -> waitingSweeps.recheckRetry(key.toString(), key.scanId()));
    }

    /**
     * Ends the sweep and releases its permit in one transaction. Then publishes {@link SweepEnded}, so that the scan
     * continues with its next sweeps or ends. Removes the execution.
     *
     * @param storeEnd stores the end of the sweep through the attempt, in the transaction of this method
     */
    CompletionHandler<Void> end(SweepAttempt attempt, Runnable storeEnd) {
        transaction.executeWithoutResult(status -> {
            storeEnd.run();
            permits.release(attempt.key().toString());
        });
        events.publishEvent(new SweepEnded(attempt.key()));
        return removeExecution();
    }

    /**
     * Completes a sweep that has ended but still has an execution: a worker has stored the end, and then died.
     * Publishes {@link SweepEnded}, possibly for the second time, releases the permit and removes the execution.
     */
    CompletionHandler<Void> completeEnded(SweepKey key) {
        events.publishEvent(new SweepEnded(key));
        return abandon(key);
    }

    /** Releases the permit and removes the execution of a sweep that has ended, or whose scan has ended. */
    CompletionHandler<Void> abandon(SweepKey key) {
        transaction.executeWithoutResult(status -> permits.release(key.toString()));
        return removeExecution();
    }

    /**
     * Returns a handler that removes the execution. The permit that was released may have made another execution due,
     * so db-scheduler checks immediately.
     */
    private CompletionHandler<Void> removeExecution() {
        return (complete, operations) -> {
            operations.remove();
            waitingSweeps.checkForDueExecutions();
        };
    }
}
