package io.keysweep.engine.sweep;

import java.time.Duration;

/**
 * Makes the calling thread wait, as {@link Thread#sleep} does. In tests, an implementation advances the test's clock
 * and does not wait.
 */
@FunctionalInterface
public interface Sleeper {

    /**
     * Waits for a time, which may be zero.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void sleep(Duration duration) throws InterruptedException;
}
