package io.keysweep.engine.estimate;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.Sleeper;
import java.time.Duration;

/**
 * Waits three times as long as a call took, so that an estimate takes a quarter of the server's main-thread time.
 *
 * <p>A sweep with the profile gentle takes the same share.
 *
 * @param sleeper suspends the calling thread
 */
record GentlePause(Sleeper sleeper) implements LoadPause {

    /** The time to wait per unit of busy time: 1 / 0.25 - 1 = 3. */
    private static final double WAIT_PER_BUSY = 1 / PacePolicy.GENTLE.shareCeiling() - 1;

    /**
     * The longest wait, reached after a call of 67 ms. Longer calls are slow because of the network or other clients,
     * and not because of the load from the estimate.
     */
    private static final Duration MAX_WAIT = Duration.ofMillis(200);

    @Override
    public void pauseAfter(Duration busy) throws InterruptedException {
        Duration wait = Duration.ofNanos((long) (busy.toNanos() * WAIT_PER_BUSY));
        sleeper.sleep(wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
    }
}
