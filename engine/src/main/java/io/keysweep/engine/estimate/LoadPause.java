package io.keysweep.engine.estimate;

import java.time.Duration;

/** Waits after a call, so that an estimate takes only a part of the server's time. */
@FunctionalInterface
interface LoadPause {

    /**
     * Waits as long as is due after a call that took a time.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void after(Duration busy) throws InterruptedException;
}
