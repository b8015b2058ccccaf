package io.keysweep.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.pollinterval.PollInterval;
import tools.jackson.databind.JsonNode;

/** Configures the library Awaitility for tests that wait for conditions of real processes. */
public final class Waits {

    /** The longest wait. It is far longer than any wait takes, so that a busy machine makes no test fail. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /**
     * The interval between two polls. It grows when a wait is long, because the polls of many tests keep a machine
     * busy.
     */
    private static final PollInterval POLL_INTERVAL = (polls, previous) -> Duration.ofMillis(intervalMillis(polls));

    private Waits() {}

    private static int intervalMillis(int polls) {
        if (polls <= 10) {
            return 20;
        }
        return polls <= 50 ? 100 : 200;
    }

    /**
     * Starts an Awaitility condition, for example {@code await("the scan ends").until(() -> ended(scan))}. The
     * condition is checked immediately, then every 20 ms, after ten checks every 100 ms, and after fifty checks every
     * 200 ms. The wait ends with a {@link org.awaitility.core.ConditionTimeoutException} after three minutes, unless
     * the caller sets another limit. A {@link RespException} is treated as "not yet", because servers that start, end
     * or change their role refuse or break connections. Other exceptions end the wait.
     *
     * @param condition the condition in words; a timeout's message contains it
     */
    public static ConditionFactory await(String condition) {
        return Awaitility.await(condition)
                .atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL_INTERVAL)
                .pollInSameThread()
                .ignoreException(RespException.class)
                // A failure in a thread of a test that runs at the same time must not end this wait.
                .dontCatchUncaughtExceptions();
    }

    /**
     * Waits until a scan meets a condition, and returns the scan. If the scan ends before, the condition will never
     * hold, and the wait fails immediately with an {@link IllegalStateException} whose message shows the scan.
     *
     * @param condition the condition in words
     * @param read reads the scan as the native API shows it; an answer without a scan is treated as "not yet"
     */
    public static JsonNode awaitScan(String condition, Callable<JsonNode> read, Predicate<JsonNode> isMet) {
        return await(condition).until(read, scan -> {
            boolean holds = isMet.test(scan);
            if (!holds && scan.has("finishedAt")) {
                throw new IllegalStateException("the scan has ended before " + condition + ": " + scan);
            }
            return holds;
        });
    }

    /**
     * Starts a condition for a process that must run until the condition holds; see {@link #await(String)}. If the
     * process ends before, the wait fails immediately with a {@link org.awaitility.core.TerminalFailureException}.
     *
     * @param output returns the output of the process, for the message of the failure
     */
    public static ConditionFactory await(String condition, Process process, Supplier<String> output) {
        return await(condition).failFast("the process has ended before " + condition, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("exit code " + process.exitValue() + ", output:\n" + output.get());
            }
        });
    }
}
