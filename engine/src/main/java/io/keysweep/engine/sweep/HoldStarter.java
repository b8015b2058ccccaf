package io.keysweep.engine.sweep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Starts a {@link Hold} of one sweep, a time without steps (SCAN calls), and reports it to the sweep's listener.
 *
 * <p>The classes that watch the server receive it, so that they can start a hold without access to the sweep itself.
 * Used by the sweep's thread only.
 */
final class HoldStarter {

    private final Timing timing;
    private final Duration patience;
    private final SweepListener listener;

    /** Reports the checkpoint before a hold; null until the first session is open, when no step can follow anyway. */
    private @Nullable ProgressReporter progressReporter;

    /**
     * Creates the starter of one run.
     *
     * @param patience how long a hold may last before the sweep fails, where that applies
     * @param listener receives the start and the end of each hold
     */
    HoldStarter(Timing timing, Duration patience, SweepListener listener) {
        this.timing = timing;
        this.patience = patience;
        this.listener = listener;
    }

    /** Reports a checkpoint before each later hold, so that keys which expire during a hold are not counted. */
    void reportCheckpointsBy(ProgressReporter reporter) {
        progressReporter = reporter;
    }

    /**
     * Starts a hold, which the caller must end with {@link Hold#close}. If the last checkpoint lets steps follow, a new
     * one that lets no step follow is reported first, so that keys which expire during the hold are not counted as the
     * sweep's.
     *
     * @param reason why the sweep holds, a short sentence for the user
     * @param cause the kind of the reason
     */
    Hold start(String reason, HoldCause cause) {
        if (progressReporter != null) {
            progressReporter.excludeSteps();
        }
        return new Hold(timing, patience, listener, reason, cause);
    }

    /** Starts a hold because of the state of the server, see {@link #start(String, HoldCause)}. */
    Hold start(String reason) {
        return start(reason, HoldCause.SERVER);
    }
}
