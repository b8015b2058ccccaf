package io.keysweep.server.assist;

/**
 * Keeps a worker that has lost its sweep to another worker from raising settings again (fencing).
 *
 * <p>A sweep is the part of a scan that visits one primary. A worker that claims a sweep begins a new attempt. A worker
 * that was frozen can continue after another worker has begun a newer attempt; its own attempt must then not change
 * anything any more.
 */
@FunctionalInterface
public interface AttemptFence {

    /**
     * Locks the attempt until the current transaction ends. Until then, no other worker can begin a new attempt.
     *
     * @throws RuntimeException if a newer attempt has begun, or the sweep has finished
     */
    void lock();
}
