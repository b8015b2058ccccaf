package io.keysweep.engine.sweep;

import java.time.Duration;

/**
 * A hold is a time in which a sweep sends no steps (calls that visit keys), although its pace would allow them.
 *
 * <p>Examples are an unreachable server and a pause by the user. The hold reports its reason to the sweep's listener.
 * It sets the wait between two checks of the cause: 50 ms, doubling up to 2 s.
 *
 * <p>It also checks whether the hold has lasted as long as the sweep's patience, 60 s by default. The caller decides
 * whether the sweep then fails. Holds for a pause or a high load have no time limit. Used by the sweep's thread only.
 */
final class Hold implements AutoCloseable {

    private static final Duration FIRST_POLL_DELAY = Duration.ofMillis(50);
    private static final Duration MAX_POLL_DELAY = Duration.ofSeconds(2);

    private final Timing timing;
    private final Duration patience;
    private final SweepListener listener;
    private final HoldCause cause;
    /** When the hold began, ns by {@link Timing#nanoTime}. */
    private final long began;
    /** Why the sweep holds, a short sentence for the user. */
    private String reason;

    private Duration pollDelay = FIRST_POLL_DELAY;

    /**
     * Starts the hold and reports it to the listener.
     *
     * @param reason why the sweep holds, a short sentence for the user
     */
    Hold(Timing timing, Duration patience, SweepListener listener, String reason, HoldCause cause) {
        this.timing = timing;
        this.patience = patience;
        this.listener = listener;
        this.reason = reason;
        this.cause = cause;
        this.began = timing.nanoTime().getAsLong();
        listener.onEvent(new SweepEvent.HoldBegan(reason, cause));
    }

    /**
     * Continues the hold for another reason, and reports that reason. Does nothing if the reason is the current one.
     * The time for {@link #patienceExhausted} does not start again.
     */
    void changeReason(String newReason) {
        if (!newReason.equals(reason)) {
            reason = newReason;
            listener.onEvent(new SweepEvent.HoldBegan(reason, cause));
        }
    }

    /** Returns whether the hold has lasted as long as the sweep's patience. */
    boolean patienceExhausted() {
        return timing.since(began).compareTo(patience) >= 0;
    }

    /** Returns how long to wait before the next check of the cause. Each call doubles the next delay, up to 2 s. */
    Duration nextPollDelay() {
        Duration delay = pollDelay;
        Duration doubledDelay = pollDelay.multipliedBy(2);
        pollDelay = doubledDelay.compareTo(MAX_POLL_DELAY) > 0 ? MAX_POLL_DELAY : doubledDelay;
        return delay;
    }

    /** Ends the hold and reports its end to the listener. */
    @Override
    public void close() {
        listener.onEvent(new SweepEvent.HoldEnded());
    }
}
