package io.keysweep.engine.sweep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Starts the holds of one sweep; a {@link Hold} is a time without steps (calls that visit keys).
 *
 * <p>The classes that watch the server use it, so that they can start a hold without access to the sweep itself. Used
 * by the sweep's thread only.
 */
final class HoldStarter {

    private final Timing timing;
    private final Duration patience;
    private final SweepListener listener;

    /**
     * Reports the checkpoint before a hold; null until the first session is open, since no step can follow before that.
     */
    private @Nullable ProgressReporter progressReporter;

    /**
     * Creates the starter of one run.
     *
     * @param patience how long a hold may last before the sweep fails, for holds with a time limit
     * @param listener receives the start and the end of each hold
     */
    HoldStarter(Timing timing, Duration patience, SweepListener listener) {
        this.timing = timing;
        this.patience = patience;
        this.listener = listener;
    }

    /**
     * Sets the reporter of the checkpoint before each hold, which keeps keys that expire during the hold out of the
     * count.
     */
    void reportCheckpointsBy(ProgressReporter reporter) {
        progressReporter = reporter;
    }

    /**
     * Starts a hold, which the caller must end with {@link Hold#close}. If steps may follow the last checkpoint, it
     * first reports a checkpoint that no step follows. So a later run does not count keys that expire during the hold.
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
