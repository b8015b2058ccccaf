package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import io.keysweep.server.error.DatabaseOutage;
import java.time.Duration;

/**
 * Decides when db-scheduler repeats an execution that has thrown an exception, for example in an outage of the
 * database.
 *
 * <p>The delay is 3 s after the first failure. It doubles with each further failure in a row, up to 1 min, so that an
 * execution that always fails neither keeps a thread busy nor fills the log.
 */
public final class FailureBackoff {

    static final Duration SHORTEST = Duration.ofSeconds(3);
    static final Duration LONGEST = Duration.ofMinutes(1);

    /** Number of failures in a row after which the work is given up. The repetitions take about 6 min. */
    private static final int MAX_FAILURES = 10;

    private FailureBackoff() {}

    /** Reschedules a failed execution to the end of the delay. */
    public static <T> void reschedule(ExecutionComplete complete, ExecutionOperations<T> operations) {
        operations.reschedule(complete, complete.getTimeDone().plus(delay(failures(complete))));
    }

    /**
     * Returns whether further repetitions are of no use: the execution has failed ten times in a row, and the last
     * cause is no outage of the database.
     */
    public static boolean isHopeless(ExecutionComplete complete) {
        boolean isOutage = complete.getCause().filter(DatabaseOutage::isCauseOf).isPresent();
        return !isOutage && failures(complete) >= MAX_FAILURES;
    }

    /** Returns how often the execution has failed in a row, the current failure included. */
    private static int failures(ExecutionComplete complete) {
        // db-scheduler counts the current failure only when it stores it.
        return complete.getExecution().consecutiveFailures + 1;
    }

    /** Returns the delay after a number of failures in a row, which is at least 1. */
    static Duration delay(int failures) {
        Duration delay = SHORTEST;
        for (int i = 1; i < failures && delay.compareTo(LONGEST) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
