package io.keysweep.engine.sweep;

import java.time.Duration;

/** Makes the calling thread wait; a test's implementation only advances the test's clock. */
@FunctionalInterface
public interface Sleeper {

    /**
     * Waits.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;
}
