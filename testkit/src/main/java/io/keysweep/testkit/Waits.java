package io.keysweep.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.pollinterval.PollInterval;

/** Configures the library Awaitility for tests that wait for conditions of real processes. */
public final class Waits {

    /** Far longer than any wait takes, so that a busy machine makes no test fail. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /**
     * Polls often at first, and less often when a wait is long, because the polls of many tests keep a machine busy.
     */
    private static final PollInterval POLL_INTERVAL =
            (polls, previous) -> polls <= 10 ? Duration.ofMillis(20) : Duration.ofMillis(100);

    private Waits() {}

    /**
     * Starts an Awaitility condition, for example {@code await("the scan ends").until(() -> ended(scan))}. The
     * condition is checked at once, then every 20 ms, and after ten checks every 100 ms. The wait ends with a
     * {@link org.awaitility.core.ConditionTimeoutException} after three minutes, unless the caller sets another limit.
     * A {@link RespException} counts as "not yet", because servers that start, end or change their role refuse or break
     * connections. Other exceptions end the wait.
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
}
