package io.keysweep.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Configures Awaitility for tests that wait for conditions of real processes. */
public final class Waits {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private Waits() {}

    /**
     * Starts an Awaitility condition, for example {@code await("the scan ends").until(() -> ended(scan))}. The
     * condition is checked at once and then every 20 ms, for three minutes unless the caller sets another limit. A {@link
     * RespException} counts as "not yet", because servers that start, end or change their role refuse or break
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
