package io.keysweep.engine.sweep;

import java.time.Duration;

/** The wait for something on the server to pass: what is told, how often it is looked at and when it is given up. */
final class Hold {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Timing timing;
    private final Duration patience;
    private final SweepListener listener;
    private final long began;
    private String reason;
    private Duration pause = FIRST_PAUSE;

    /** Begins the hold. */
    Hold(Timing timing, Duration patience, SweepListener listener, String reason) {
        this.timing = timing;
        this.patience = patience;
        this.listener = listener;
        this.reason = reason;
        this.began = timing.nanoTime().getAsLong();
        listener.onEvent(new SweepEvent.HoldBegan(reason));
    }

    /** Tells of another reason for the same wait. */
    void because(String other) {
        if (!other.equals(reason)) {
            reason = other;
            listener.onEvent(new SweepEvent.HoldBegan(reason));
        }
    }

    boolean patienceOver() {
        return timing.since(began).compareTo(patience) >= 0;
    }

    /** How long to wait before the next look; longer each time. */
    Duration nextPause() {
        Duration next = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        return next;
    }

    void end() {
        listener.onEvent(new SweepEvent.HoldEnded());
    }
}
