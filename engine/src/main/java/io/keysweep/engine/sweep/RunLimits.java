package io.keysweep.engine.sweep;

import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What ends a run before its work is done.
 *
 * @param deadline when it times out, or null
 * @param control cancels it
 */
record RunLimits(Timing timing, @Nullable Instant deadline, SweepControl control) {

    /** Longest wait without a look at cancel and deadline. */
    private static final Duration LONGEST_NAP = Duration.ofMillis(50);

    /**
     * How the run ends now, or null if it goes on.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    @Nullable Ending reached() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (control.cancelled()) {
            return Ending.CANCELLED;
        }
        return deadline != null && !timing.clock().instant().isBefore(deadline) ? Ending.TIMED_OUT : null;
    }

    /** Waits for as long as may pass without such a look. */
    void nap() throws InterruptedException {
        timing.sleeper().sleep(LONGEST_NAP);
    }

    /** Waits, but not past a cancel or the deadline. */
    void rest(Duration rest) throws InterruptedException {
        Duration left = rest;
        while (left.isPositive() && reached() == null) {
            Duration nap = left.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : left;
            timing.sleeper().sleep(nap);
            left = left.minus(nap);
        }
    }
}
