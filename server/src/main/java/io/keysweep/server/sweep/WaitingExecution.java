package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import io.keysweep.server.control.SweepDecision;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an execution that must wait back into the table of db-scheduler, due later.
 *
 * <p>An execution is db-scheduler's entry for one piece of work, such as a sweep. An execution waits, for example,
 * because the windows (times when sweeps may run) are closed, or because a user has paused the scan. If the reason to
 * wait changes before the execution is due, {@code WakeUps} makes it due immediately.
 */
public final class WaitingExecution {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingExecution.class);

    /**
     * Time after which an execution is due if no other time is known. A wake-up normally makes it due earlier, but a
     * crash can prevent the wake-up.
     */
    private static final Duration MAX_WAIT = Duration.ofMinutes(15);

    /**
     * Maximum time after which an execution that plans a round is due without a wake-up. The time is short, because no
     * record shows that a plan waits, so the repair of lost wake-ups cannot find the plan.
     */
    private static final Duration MAX_WAIT_OF_PLAN = Duration.ofMinutes(1);

    private WaitingExecution() {}

    /**
     * Returns when an execution that must wait is due without a wake-up, to check whether it must still wait. It is due
     * at the time that the wait names, or after 15 minutes if the wait names none, and never later than the deadline.
     *
     * @param wait why the execution must wait, and until when
     * @param deadline when the scan times out and must be ended, or null if the scan has not begun
     */
    public static Instant nextCheck(SweepDecision.Wait wait, @Nullable Instant deadline, Instant now) {
        Instant until = wait.until();
        return earliest(until == null ? now.plus(MAX_WAIT) : until, deadline);
    }

    /**
     * Returns when an execution that plans a round is due without a wake-up: at the time of {@link #nextCheck}, but
     * after 1 minute at most.
     */
    public static Instant nextCheckOfPlan(SweepDecision.Wait wait, @Nullable Instant deadline, Instant now) {
        Instant latestDue = now.plus(MAX_WAIT_OF_PLAN);
        Instant until = wait.until();
        return earliest(until == null || until.isAfter(latestDue) ? latestDue : until, deadline);
    }

    private static Instant earliest(Instant time, @Nullable Instant deadline) {
        return deadline != null && deadline.isBefore(time) ? deadline : time;
    }

    /**
     * Returns a handler that reschedules the execution to {@code next}. db-scheduler calls the handler on the thread of
     * the execution.
     *
     * @param recheck called after the execution was rescheduled, to check again whether it must wait. A change that
     *     came while the worker was running the execution could not wake it. Exceptions of the check are logged.
     */
    public static CompletionHandler<Void> until(Instant next, Runnable recheck) {
        return (complete, operations) -> {
            operations.reschedule(complete, next);
            try {
                recheck.run();
            } catch (RuntimeException e) {
                // Most likely the database cannot be reached. The execution is due at the time next anyway, so it is
                // only delayed.
                LOG.warn(
                        "Execution {} waits until {}, because it could not be checked again: {}",
                        complete.getExecution().taskInstance.getId(),
                        next,
                        e.getMessage());
            }
        };
    }
}
