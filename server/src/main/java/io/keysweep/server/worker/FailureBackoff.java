package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import io.keysweep.server.error.DatabaseOutage;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Decides when db-scheduler retries a failed execution, and when it gives up.
 *
 * <ul>
 *   <li>In an outage of the database, the delay is 3 s after the first failure. It doubles with each further failure in
 *       a row, up to 1 min. The work is never given up, because it can succeed after the outage.
 *   <li>Any other failure is probably a bug, and is counted. The delays are the same as in an outage. After the tenth
 *       of these failures in a row (after about 6 min) the work is <em>hopeless</em>. A handler of {@link
 *       #retryUntilHopeless} gives hopeless work up. A handler of {@link #retryForever()} retries hopeless work with
 *       growing delays of up to an hour. The work then neither keeps a thread busy nor fills the log.
 * </ul>
 *
 * <p>Each process counts the failures that it has seen. Thread-safe.
 */
@Component
public final class FailureBackoff {

    private static final Logger LOG = LoggerFactory.getLogger(FailureBackoff.class);

    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /**
     * The longest delay in an outage, and until work is hopeless. A time from {@link #retryForever(Function)} can
     * shorten a longer delay, but not below this value.
     */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** The longest delay of hopeless work that is not given up. */
    private static final Duration LONGEST_OF_HOPELESS = Duration.ofHours(1);

    /** The number of failures in a row, other than outages, after which work is hopeless. */
    private static final int MAX_FAILURES = 10;

    /**
     * The time after which the count of an execution is forgotten. It is longer than any delay, so the count of work
     * that still fails is not forgotten.
     */
    private static final Duration FORGOTTEN_AFTER = LONGEST_OF_HOPELESS.multipliedBy(3);

    /**
     * Counts the failures in a row of one execution.
     *
     * @param failures number of failures that an outage did not cause
     * @param last when the execution failed last, even if an outage was the cause
     */
    private record FailureCount(int failures, Instant last) {}

    /** The counts by task and id of the execution. */
    private final Map<String, FailureCount> counts = new ConcurrentHashMap<>();

    /**
     * Returns a handler that retries, and calls {@code giveUp} once the work is hopeless. If {@code giveUp} throws an
     * exception, the work is retried.
     *
     * @param giveUp ends the hopeless work of an execution
     */
    public <T> FailureHandler<T> retryUntilHopeless(FailureHandler<T> giveUp) {
        return (complete, operations) -> {
            int failures = countFailure(complete);
            Instant nextAttempt = nextAttemptAt(complete, failures);
            if (isOutage(complete) || failures < MAX_FAILURES) {
                operations.reschedule(complete, nextAttempt);
                return;
            }
            try {
                giveUp.onFailure(complete, operations);
            } catch (RuntimeException e) {
                Execution execution = complete.getExecution();
                LOG.error("Execution {} of task {} cannot be given up", execution.getId(), execution.getTaskName(), e);
                operations.reschedule(complete, nextAttempt);
            }
        };
    }

    /** Returns a handler that never gives work up, but repeats it with growing delays. */
    public <T> FailureHandler<T> retryForever() {
        return retryForever(complete -> Optional.empty());
    }

    /**
     * Returns a handler that never gives work up, but repeats it with growing delays.
     *
     * @param latest returns a time at which the execution must run again even if its delay is longer; empty if there is
     *     none. A delay of up to 1 min is not shortened. A longer delay is shortened to 1 min at least, so that work
     *     with many such times does not fill the log
     */
    public <T> FailureHandler<T> retryForever(Function<ExecutionComplete, Optional<Instant>> latest) {
        return (complete, operations) -> {
            int failures = countFailure(complete);
            Instant afterDelay = nextAttemptAt(complete, failures);
            Instant earliest = complete.getTimeDone().plus(LONGEST);
            Instant next = latest.apply(complete)
                    .map(time -> time.isAfter(earliest) ? time : earliest)
                    .filter(afterDelay::isAfter)
                    .orElse(afterDelay);
            boolean hasBecomeHopeless = failures == MAX_FAILURES && !isOutage(complete);
            if (hasBecomeHopeless) {
                logHopeless(complete, next);
            }
            operations.reschedule(complete, next);
        };
    }

    /** Logs once that work seems hopeless. db-scheduler itself logs each failure, as a warning with its stack trace. */
    private static void logHopeless(ExecutionComplete complete, Instant next) {
        Execution execution = complete.getExecution();
        LOG.error(
                "Execution {} of task {} has failed {} times in a row; it is not lost, and is tried again at {},"
                        + " then ever more rarely, at least once an hour",
                execution.getId(),
                execution.getTaskName(),
                MAX_FAILURES,
                next,
                complete.getCause().orElse(null));
    }

    /**
     * Counts the current failure of an execution, and returns how often in a row the execution has failed. Outages are
     * not included: an outage neither raises the count nor sets it to 0.
     */
    private int countFailure(ExecutionComplete complete) {
        Execution execution = complete.getExecution();
        Instant now = complete.getTimeDone();
        counts.values().removeIf(count -> count.last().isBefore(now.minus(FORGOTTEN_AFTER)));
        // db-scheduler sets this number to 0 when an execution succeeds, even in another process.
        int failuresBefore = execution.consecutiveFailures;
        int newFailures = isOutage(complete) ? 0 : 1;
        // db-scheduler's number also counts outages. It is smaller than the count of this process only if the execution
        // has succeeded since, perhaps in another process. Then db-scheduler's number is the right one.
        return counts.merge(
                        execution.getTaskName() + "/" + execution.getId(),
                        new FailureCount(newFailures, now),
                        (before, ignored) ->
                                new FailureCount(Math.min(before.failures(), failuresBefore) + newFailures, now))
                .failures();
    }

    private static boolean isOutage(ExecutionComplete complete) {
        return complete.getCause().filter(DatabaseOutage::isCauseOf).isPresent();
    }

    /** Returns when the execution is due again after the current failure. */
    private static Instant nextAttemptAt(ExecutionComplete complete, int failures) {
        // db-scheduler counts the current failure only when it stores it.
        Duration delay =
                isOutage(complete) ? outageDelay(complete.getExecution().consecutiveFailures + 1) : delay(failures);
        return complete.getTimeDone().plus(delay);
    }

    /** Returns the delay after a number of failures in a row, at least 1, other than outages. */
    private static Duration delay(int failures) {
        return failures < MAX_FAILURES
                ? doubled(SHORTEST, failures - 1, LONGEST)
                : doubled(LONGEST, failures - MAX_FAILURES + 1, LONGEST_OF_HOPELESS);
    }

    /** Returns the delay after a number of failures in a row, at least 1, of which the last failure was an outage. */
    private static Duration outageDelay(int failures) {
        return doubled(SHORTEST, failures - 1, LONGEST);
    }

    /** Returns a delay that is doubled a number of times, but is at most {@code longest}. */
    private static Duration doubled(Duration delay, int times, Duration longest) {
        Duration result = delay;
        for (int i = 0; i < times && result.compareTo(longest) < 0; i++) {
            result = result.multipliedBy(2);
        }
        return result.compareTo(longest) < 0 ? result : longest;
    }
}
