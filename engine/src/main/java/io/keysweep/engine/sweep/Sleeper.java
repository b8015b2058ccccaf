package io.keysweep.engine.sweep;

import java.time.Duration;

/** Waits; tests bring one that only moves their clock. */
@FunctionalInterface
public interface Sleeper {

    /**
     * Waits so long.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void sleep(Duration duration) throws InterruptedException;
}
