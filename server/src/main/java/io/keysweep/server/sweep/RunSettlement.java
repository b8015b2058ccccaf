package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.server.control.SweepDecision;
import io.keysweep.server.control.SweepHandle;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens to a sweep after a run: it ends, waits, tries again, or goes to the next worker.
 *
 * <p>A sweep is the part of a scan that visits one primary. A run is the work of one worker on the sweep. {@link
 * SweepRunner} carries runs out, and {@link SweepSettlement} stores what this class decides. Thread-safe.
 */
final class RunSettlement {

    /** Reason that users see for a sweep that has failed because of a bug. */
    static final String INTERNAL_ERROR = "Internal error; see the service's log.";

    private static final Logger LOG = LoggerFactory.getLogger(RunSettlement.class);

    /** Reason that users see for a run that is interrupted because this process stops. */
    private static final String STOP_REASON = "the service was stopped";

    private final SweepSettlement settlement;
    private final InstantSource clock;

    RunSettlement(SweepSettlement settlement, InstantSource clock) {
        this.settlement = settlement;
        this.clock = clock;
    }

    /**
     * Ends the sweep or leaves it for later, as the result of the run requires.
     *
     * @param isStopping whether this process stops, which may have cancelled the run
     * @return what db-scheduler must do with the execution
     */
    CompletionHandler<Void> settle(PreparedRun prepared, RunResult result, SweepHandle handle, boolean isStopping) {
        SweepAttempt attempt = prepared.attempt();
        return switch (result) {
            case RunResult.Reported(SweepReport report) ->
                settleReported(prepared, report, leaveDecision(prepared, report, handle), isStopping);
            case RunResult.Assisted(AssistReport report) -> settleAssisted(prepared, report, handle, isStopping);
            case RunResult.Refused refused -> settleRefused(prepared, refused, handle, isStopping);
            case RunResult.Faulty() -> settlement.end(attempt, () -> attempt.fail(INTERNAL_ERROR));
        };
    }

    /**
     * Settles a run for which the engine has returned a report: the sweep waits, goes to the next worker, or ends.
     *
     * @param leaveDecision decision that made the sweep leave its worker, or null if there was none
     */
    private CompletionHandler<Void> settleReported(
            PreparedRun prepared, SweepReport report, @Nullable SweepDecision leaveDecision, boolean isStopping) {
        SweepAttempt attempt = prepared.attempt();
        if (leaveDecision instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, report.memory(), wait, prepared.deadline());
        }

        // If no decision has cancelled the run, a stop of the process has cancelled it. With a decision to end, the
        // sweep ends even during a stop.
        boolean wasCancelledByStop =
                leaveDecision == null && isStopping && report.ending() == SweepReport.Ending.CANCELLED;
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
        String failure = describeFailure(report, prepared.scan().timeout(), leaveDecision);
        return settlement.end(attempt, () -> attempt.finish(report, failure));
    }

    /** Settles a run that has only assisted: the sweep waits, goes to the next worker, or ends. */
    private CompletionHandler<Void> settleAssisted(
            PreparedRun prepared, AssistReport report, SweepHandle handle, boolean isStopping) {
        SweepAttempt attempt = prepared.attempt();
        boolean wasCancelled = report.ending() == AssistReport.AssistEnding.CANCELLED;
        SweepDecision leaveDecision = wasCancelled ? handle.leaveDecision() : null;
        if (leaveDecision instanceof SweepDecision.Wait wait) {
            return settlement.await(attempt, /* report= */ null, wait, prepared.deadline());
        }
        if (wasCancelled && leaveDecision == null && isStopping) {
            return settlement.leaveToNextWorker();
        }

        String failure = leaveDecision instanceof SweepDecision.End end
                ? end.failure()
                : AssistPhase.failure(report, prepared.scan().timeout());
        boolean hasTimedOut = report.ending() == AssistReport.AssistEnding.TIMED_OUT;
        return settlement.end(attempt, () -> attempt.finishAssist(failure, hasTimedOut));
    }

    /**
     * Settles a run whose server the engine has refused to sweep, or could no longer reach.
     *
     * <p>The first of these rules that applies decides:
     *
     * <ol>
     *   <li>If this process stops, the sweep goes to the next worker.
     *   <li>If a pause or a rule of the service has ended the run while it waited for the server, the sweep waits.
     *   <li>If a rule of the service or a user has ended the sweep, it ends.
     *   <li>If the cause can disappear without an operator and the timeout of the scan has passed, the sweep ends as
     *       timed out.
     *   <li>If the cause can disappear without an operator and the scan is automatic, the sweep tries again later, the
     *       last time at the timeout.
     *   <li>Otherwise the sweep ends.
     * </ol>
     */
    private CompletionHandler<Void> settleRefused(
            PreparedRun prepared, RunResult.Refused refused, SweepHandle handle, boolean isStopping) {
        SweepAttempt attempt = prepared.attempt();
        String message = String.valueOf(refused.refusal().getMessage());
        if (isStopping) {
            // The next worker tries the server again, so that a stop of the service never fails a sweep.
            attempt.recordInterruption(/* report= */ null, STOP_REASON);
            return settlement.leaveToNextWorker();
        }

        SweepDecision decision = refused.decision(prepared.decision(), handle.leaveDecision());
        if (decision instanceof SweepDecision.Wait wait) {
            attempt.recordInterruption(/* report= */ null, message);
            return settlement.await(attempt, /* report= */ null, wait, prepared.deadline());
        }

        boolean mayRetry = refused.mayPass() && !(decision instanceof SweepDecision.End);
        Instant now = now();
        if (mayRetry && !now.isBefore(prepared.deadline())) {
            String failure = timeoutFailure(prepared, refused, message);
            LOG.warn("Sweep of {} timed out: {}", attempt.key().nodeId(), message);
            return settlement.end(attempt, () -> attempt.timeOut(failure));
        }
        if (mayRetry && prepared.scan().automatic()) {
            Instant next = now.plus(RetryDelay.after(prepared.scanStartedAt(), now));
            Instant retryAt = next.isBefore(prepared.deadline()) ? next : prepared.deadline();
            Instant lostAt = Objects.requireNonNullElse(refused.serverLostAt(), now);
            return settlement.retry(attempt, message, lostAt, retryAt);
        }

        LOG.warn("Sweep of {} failed: {}", attempt.key().nodeId(), message);
        // If the primary has handed over all its slots, other sweeps cover its keys. Then the reason of the failure is
        // null, which ends this sweep without a failure.
        String refusal = refused.refusal().reason() == Reason.HANDED_OVER ? null : message;
        String failure = decision instanceof SweepDecision.End end ? end.failure() : refusal;
        return settlement.end(attempt, () -> attempt.fail(failure));
    }

    /**
     * Returns why a sweep has failed, in words for users, if the timeout of its scan has passed and its server cannot
     * be swept. The text says since when the sweep has waited for its server, if it has waited.
     */
    private static String timeoutFailure(PreparedRun prepared, RunResult.Refused refused, String message) {
        Instant lostAt = prepared.attempt().serverLostSince().orElse(refused.serverLostAt());
        // A sweep that was paused until the timeout, for example, has not waited for its server.
        boolean hasWaited = lostAt != null && lostAt.isBefore(prepared.deadline());
        return timeoutText(prepared.scan().timeout())
                + (hasWaited
                        ? "; it had waited for its server since " + lostAt + ": "
                        : "; its server could not be swept then: ")
                + message + "; the keys reclaimed so far are counted.";
    }

    /** Returns the beginning of the failure of a scan that has timed out. */
    private static String timeoutText(Duration timeout) {
        return "Timed out after " + timeout.toSeconds() + " s";
    }

    /**
     * Returns the decision that made the run end before the sweep was complete. Returns null if the run was not
     * cancelled, or if only a stop of the process has cancelled it.
     */
    private static @Nullable SweepDecision leaveDecision(PreparedRun prepared, SweepReport report, SweepHandle handle) {
        if (report.ending() != SweepReport.Ending.CANCELLED) {
            return null;
        }
        return prepared.decision() instanceof SweepDecision.End end ? end : handle.leaveDecision();
    }

    /** Returns why a sweep that has ended has failed, in words for users; null if the sweep is complete. */
    private static @Nullable String describeFailure(
            SweepReport report, Duration timeout, @Nullable SweepDecision leaveDecision) {
        return switch (report.ending()) {
            case COMPLETED -> null;
            case FAILED -> throw new IllegalArgumentException("the engine throws after a failure");
            case TIMED_OUT -> timeoutText(timeout) + "; the keys reclaimed so far are counted.";
            case CANCELLED -> leaveDecision instanceof SweepDecision.End end ? end.failure() : "Cancelled.";
        };
    }

    /** Returns the current time in milliseconds, which is the precision of the columns in the database. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
