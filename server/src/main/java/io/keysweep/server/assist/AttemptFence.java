package io.keysweep.server.assist;

/** Keeps a worker that was thought dead, and has a successor, from raising settings again. */
@FunctionalInterface
public interface AttemptFence {

    /**
     * Locks the attempt until the present transaction ends, so that no other worker can begin a new one before.
     *
     * @throws RuntimeException if a newer attempt has begun, or the sweep has finished
     */
    void lock();
}
