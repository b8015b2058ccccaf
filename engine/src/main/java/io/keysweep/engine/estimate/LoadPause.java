package io.keysweep.engine.estimate;

import java.time.Duration;

/** Waits after a call, so that an estimate takes only a part of the server's time. */
@FunctionalInterface
interface LoadPause {

    /**
     * Waits after a call; the wait grows with the duration of the call.
     *
     * @param busy how long the call took
     * @throws InterruptedException if the thread is interrupted
     */
    void pauseAfter(Duration busy) throws InterruptedException;
}
