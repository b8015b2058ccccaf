package io.keysweep.engine.sweep;

import io.keysweep.engine.sweep.SweepReport.Ending;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run before its work is done: on a cancel, at the deadline, or when the thread is interrupted.
 *
 * <p>All waits of a sweep use this record, except waits for replies. A cancel or the deadline therefore ends a wait
 * within 50 ms.
 *
 * @param timing the source of time
 * @param deadline when the run times out; null for no limit
 * @param control cancels the run
 */
public record RunLimits(Timing timing, @Nullable Instant deadline, SweepControl control) {

    /** The longest wait without a check for a cancel and the deadline. */
    private static final Duration CHECK_EVERY = Duration.ofMillis(50);

    /**
     * Returns how the run must end now, or null if it may continue. After a cancel the result is always CANCELLED.
     *
     * @throws InterruptedException if the thread was interrupted; its interrupt flag is cleared
     */
    public @Nullable Ending ending() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (control.cancelled()) {
            return Ending.CANCELLED;
        }
        return deadline != null && !timing.clock().instant().isBefore(deadline) ? Ending.TIMED_OUT : null;
    }

    /**
     * Waits 50 ms. A cancel or the deadline does not shorten the wait.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void waitBriefly() throws InterruptedException {
        timing.sleeper().sleep(CHECK_EVERY);
    }

    /**
     * Waits until the time is over, the run is cancelled or its deadline passes; {@link #ending} says whether the run
     * must end.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void waitFor(Duration time) throws InterruptedException {
        Duration remaining = time;
        while (remaining.isPositive() && ending() == null) {
            Duration part = remaining.compareTo(CHECK_EVERY) > 0 ? CHECK_EVERY : remaining;
            timing.sleeper().sleep(part);
            remaining = remaining.minus(part);
        }
    }
}
