package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.server.control.RunningSweeps;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.SweepHandle;
import io.keysweep.server.tracing.RunSpan;
import io.keysweep.server.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Carries out the db-scheduler executions that sweep a primary, each on a thread of db-scheduler.
 *
 * <p>A sweep is the part of a scan that visits one primary, and an execution is the scheduled piece of work that does
 * the sweep. The runner claims the sweep, lets the engine sweep from the last checkpoint (the stored positions and
 * counts), and then ends the sweep or leaves it for later.
 *
 * <p>When the service stops, each sweep ends at a checkpoint, from which the next worker continues. Threads are not
 * interrupted for that, because H2 closes its file if a thread that uses it is interrupted.
 */
@Component
class SweepRunner implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    /** Reason that users see for a run that is interrupted because this process stops. */
    private static final String STOP_REASON = "the service was stopped";

    /** Reason that users see for a sweep that has failed because of a bug. */
    private static final String INTERNAL_ERROR = "Internal error; see the service's log.";

    private final SweptScans scans;
    private final SweepStore sweeps;
    private final EngineRuns engineRuns;
    private final AssistPhase assist;
    private final RunningSweeps running;
    private final SweepSettlement settlement;
    private final Traces traces;
    private final InstantSource clock;

    /** Controls of the executions that this process carries out, by which {@link #stop} ends them. */
    private final Set<SweepControl> controls = ConcurrentHashMap.newKeySet();

    private volatile boolean isStopping;
    private volatile boolean isStarted;

    SweepRunner(
            SweptScans scans,
            SweepStore sweeps,
            EngineRuns engineRuns,
            AssistPhase assist,
            RunningSweeps running,
            SweepSettlement settlement,
            Traces traces,
            InstantSource clock) {
        this.scans = scans;
        this.sweeps = sweeps;
        this.engineRuns = engineRuns;
        this.assist = assist;
        this.running = running;
        this.settlement = settlement;
        this.traces = traces;
        this.clock = clock;
    }

    /**
     * Carries out one execution, on the thread of the caller. Returns when the sweep has ended or must leave this
     * worker.
     *
     * @param execution execution in the version that this worker has picked
     * @return what db-scheduler must do with the execution: remove it, run it again later, or leave it to the worker
     *     that has claimed the sweep since
     * @throws org.springframework.dao.DataAccessException if the database fails; db-scheduler then repeats the
     *     execution
     */
    @SuppressWarnings("try") // The entry in the log's context is there to be closed, not to be used.
    CompletionHandler<Void> run(SweepKey key, Execution execution) {
        SweepControl control = new SweepControl();
        SweepHandle handle = running.newHandle(key.toString(), key.host(), key.scanId(), control);
        // The control is added before isStopping is read, so that a stop either cancels this control or is noticed
        // below.
        controls.add(control);
        try (var ignored = MDC.putCloseable("scanId", key.scanId().toString())) {
            return isStopping ? settlement.leaveToNextWorker() : prepareAndRun(key, execution, control, handle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return settlement.leaveToNextWorker();
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return settlement.leaveToClaimingWorker();
        } finally {
            running.deregister(handle);
            controls.remove(control);
        }
    }

    /**
     * Ends a sweep as failed whose execution ends in an exception again and again, for example because the database
     * refuses what the sweep writes. The sweep keeps the counts of its last checkpoint.
     *
     * @param execution execution in the version that this worker has picked
     * @return what db-scheduler must do with the execution: remove it, or leave it to the worker that has claimed the
     *     sweep since
     * @throws RuntimeException if the sweep cannot be ended either
     */
    CompletionHandler<Void> fail(SweepKey key, Execution execution) {
        LOG.error("Sweep of {} is ended as failed, because it ends in an exception again and again", key.nodeId());
        try {
            Optional<ClaimedSweep> claimed = sweeps.claim(key, execution);
            if (claimed.isEmpty()) {
                return settlement.completeEnded(key);
            }
            SweepAttempt attempt = claimed.get().attempt();
            return settlement.end(attempt, () -> attempt.fail(INTERNAL_ERROR));
        } catch (SupersededException e) {
            LOG.warn("{}", e.getMessage());
            return settlement.leaveToClaimingWorker();
        }
    }

    /**
     * Claims the sweep, runs it and settles the result. Does not run the sweep if it has ended, if its scan has ended,
     * or if it must wait. A sweep that must end runs only if keys of an earlier run are not counted yet.
     */
    private CompletionHandler<Void> prepareAndRun(
            SweepKey key, Execution execution, SweepControl control, SweepHandle handle) throws InterruptedException {
        Optional<SweptScan> activeScan = scans.findActive(key.scanId());
        if (activeScan.isEmpty()) {
            return settlement.abandon(key);
        }
        SweptScan scan = activeScan.get();
        Optional<ClaimedSweep> claimed = sweeps.claim(key, execution);
        if (claimed.isEmpty()) {
            // A worker died after it had stored the end of the sweep, but before it removed the execution.
            return settlement.completeEnded(key);
        }
        SweepAttempt attempt = claimed.get().attempt();
        // A lost worker may have left settings of the server raised. They are restored before the decision about the
        // sweep.
        assist.restoreLeftoverSettings(attempt, scan.instanceId());
        SweepDecision decision = running.register(handle);
        if (decision instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, /* report= */ null, wait, scan.deadline());
        }
        Checkpoint checkpoint = claimed.get().checkpoint();
        if (decision instanceof SweepDecision.End end) {
            boolean mayHaveUncountedSteps = checkpoint != null && checkpoint.stepsMayFollow();
            if (!mayHaveUncountedSteps) {
                return settlement.end(attempt, () -> attempt.fail(end.failure()));
            }
            // A killed attempt may have reclaimed keys after its checkpoint, and only the server knows how many. The
            // sweep therefore runs once more to count them, but is cancelled from the start.
            control.cancel();
        }
        // The time is empty if the scan has ended since it was read above.
        Optional<Instant> startedAt = scans.start(key.scanId(), scan.createdAt(), now());
        if (startedAt.isEmpty()) {
            return settlement.abandon(key);
        }
        PreparedRun prepared =
                new PreparedRun(attempt, claimed.get().sweep(), scan, startedAt.get(), checkpoint, decision);
        try (RunSpan span = traces.beginRun(scan.trace(), prepared.traceAttributes())) {
            return settle(prepared, engineRuns.run(prepared, control, handle, span), handle);
        }
    }

    /** Ends the sweep or leaves it for later, as the result of the run requires. */
    private CompletionHandler<Void> settle(PreparedRun prepared, RunResult result, SweepHandle handle) {
        SweepAttempt attempt = prepared.attempt();
        return switch (result) {
            case RunResult.Reported(SweepReport report) ->
                settleReported(prepared, report, leaveReason(prepared, report, handle));
            case RunResult.Assisted(AssistReport report) -> settleAssisted(prepared, report, handle);
            case RunResult.Refused refused -> settleRefused(prepared, refused, handle);
            case RunResult.Faulty() -> settlement.end(attempt, () -> attempt.fail(INTERNAL_ERROR));
        };
    }

    /**
     * Settles a run for which the engine has returned a report: the sweep waits, goes to the next worker, or ends.
     *
     * @param leaveReason decision that made the sweep leave its worker, or null if there was none
     */
    private CompletionHandler<Void> settleReported(
            PreparedRun prepared, SweepReport report, @Nullable SweepDecision leaveReason) {
        SweepAttempt attempt = prepared.attempt();
        if (leaveReason instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, report.memory(), wait, prepared.deadline());
        }
        // A cancel without a decision comes from stop(). With a decision to end, the sweep ends even during a stop.
        boolean wasCancelledByStop =
                leaveReason == null && isStopping && report.ending() == SweepReport.Ending.CANCELLED;
        if (wasCancelledByStop) {
            attempt.recordInterruption(report.memory(), STOP_REASON);
            return settlement.leaveToNextWorker();
        }
        LOG.info(
                "Sweep of {} ended {}: {} keys visited, {} expired keys reclaimed",
                attempt.key().nodeId(),
                report.ending(),
                report.visited(),
                report.reclaimed());
        String failure = failure(report, prepared.scan().timeout(), leaveReason);
        return settlement.end(attempt, () -> attempt.finish(report, failure));
    }

    /** Settles a run that has only assisted: the sweep waits, goes to the next worker, or ends. */
    private CompletionHandler<Void> settleAssisted(PreparedRun prepared, AssistReport report, SweepHandle handle) {
        SweepAttempt attempt = prepared.attempt();
        boolean cancelled = report.ending() == AssistReport.Ending.CANCELLED;
        SweepDecision leaveReason = cancelled ? handle.leaveReason() : null;
        if (leaveReason instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, /* report= */ null, wait, prepared.deadline());
        }
        if (cancelled && leaveReason == null && isStopping) {
            return settlement.leaveToNextWorker();
        }
        String failure = leaveReason instanceof SweepDecision.End end
                ? end.failure()
                : AssistPhase.failure(report, prepared.scan().timeout());
        boolean timedOut = report.ending() == AssistReport.Ending.TIMED_OUT;
        return settlement.end(attempt, () -> attempt.finishAssist(failure, timedOut));
    }

    /**
     * Settles a run whose server the engine has refused to sweep, or could no longer reach.
     *
     * <p>The sweep waits if a pause or a rule of the service has ended its run while it waited for the server. It ends
     * as timed out if the timeout of the scan has passed and the cause may pass by itself. Before that, the sweep of an
     * automatic scan tries again later, the last time at the timeout. Any other sweep ends.
     */
    private CompletionHandler<Void> settleRefused(PreparedRun prepared, RunResult.Refused refused, SweepHandle handle) {
        SweepAttempt attempt = prepared.attempt();
        String message = String.valueOf(refused.refusal().getMessage());
        if (isStopping) {
            // The next worker tries the server again, so that a stop of the service never fails a sweep.
            attempt.recordInterruption(/* report= */ null, STOP_REASON);
            return settlement.leaveToNextWorker();
        }
        SweepDecision decision = refused.decision(prepared.decision(), handle.leaveReason());
        if (decision instanceof SweepDecision.Wait wait) {
            attempt.recordInterruption(/* report= */ null, message);
            return settlement.await(attempt, /* report= */ null, wait, prepared.deadline());
        }
        boolean mayRetry = refused.mayPass() && !(decision instanceof SweepDecision.End);
        Instant now = now();
        if (mayRetry && !now.isBefore(prepared.deadline())) {
            String failure = timeoutFailure(prepared, refused, message);
            LOG.warn("Sweep of {} timed out: {}", attempt.key().nodeId(), message);
            return settlement.end(attempt, () -> attempt.expire(failure));
        }
        if (mayRetry && prepared.scan().automatic()) {
            Instant next = now.plus(RetryDelay.after(prepared.scanStartedAt(), now));
            Instant retryAt = next.isBefore(prepared.deadline()) ? next : prepared.deadline();
            Instant lostAt = Objects.requireNonNullElse(refused.serverLostAt(), now);
            return settlement.retry(attempt, message, lostAt, retryAt);
        }
        LOG.warn("Sweep of {} failed: {}", attempt.key().nodeId(), message);
        // If the primary has handed over all its slots, other sweeps cover its keys, and this sweep has not failed.
        String refusal = refused.refusal().reason() == Reason.HANDED_OVER ? null : message;
        String failure = decision instanceof SweepDecision.End end ? end.failure() : refusal;
        return settlement.end(attempt, () -> attempt.fail(failure));
    }

    /**
     * Returns why a sweep has failed, in words for users, if the timeout of its scan has passed and its server cannot
     * be swept. The text says since when the sweep has waited for its server. A sweep that was paused until the
     * timeout, for example, has not waited for its server.
     */
    private static String timeoutFailure(PreparedRun prepared, RunResult.Refused refused, String message) {
        Instant lostAt = prepared.attempt().serverLostSince().orElse(refused.serverLostAt());
        boolean hasWaited = lostAt != null && lostAt.isBefore(prepared.deadline());
        return timeoutText(prepared.scan().timeout())
                + (hasWaited
                        ? "; it had waited for its server since " + lostAt + ": "
                        : "; its server could not be swept then: ")
                + message + "; what was reclaimed stays counted.";
    }

    private static String timeoutText(Duration timeout) {
        return "Timed out after " + timeout.toSeconds() + " s";
    }

    /**
     * Returns the decision that made the run end before the sweep was complete. Returns null if the run was not
     * cancelled, or if only {@link #stop} has cancelled it.
     */
    private static @Nullable SweepDecision leaveReason(PreparedRun prepared, SweepReport report, SweepHandle handle) {
        if (report.ending() != SweepReport.Ending.CANCELLED) {
            return null;
        }
        return prepared.decision() instanceof SweepDecision.End end ? end : handle.leaveReason();
    }

    /** Returns why a sweep that has ended has failed, in words for users; null if the sweep is complete. */
    private static @Nullable String failure(SweepReport report, Duration timeout, @Nullable SweepDecision leaveReason) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case FAILED -> throw new IllegalArgumentException("the engine throws after a failure");
            case TIMED_OUT -> timeoutText(timeout) + "; what was reclaimed stays counted.";
            case CANCELLED -> leaveReason instanceof SweepDecision.End end ? end.failure() : "Cancelled.";
        };
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void start() {
        isStarted = true;
    }

    /**
     * Cancels all sweeps of this process, so that each run ends at a checkpoint. Does not wait until the runs have
     * ended; db-scheduler waits for its threads.
     */
    @Override
    public void stop() {
        // The flag is set before the runs are cancelled, so that a run that ends knows that the stop has cancelled it.
        isStopping = true;
        controls.forEach(SweepControl::cancel);
        isStarted = false;
    }

    @Override
    public boolean isRunning() {
        return isStarted;
    }
}
