package io.keysweep.server.sweep;

/**
 * Thrown when a worker writes about a sweep that a newer attempt has claimed, or that has finished.
 *
 * <p>An attempt is one worker's claim on a sweep (the part of a scan that visits one primary). The worker must write
 * nothing more about the sweep. {@link SweepAttempt} and {@link SweepStore} throw this exception.
 */
final class SupersededException extends RuntimeException {

    /**
     * Creates the exception for a worker that has lost the lease on its execution (db-scheduler's entry for the sweep).
     */
    SupersededException(SweepKey key) {
        super("Another worker has taken up the execution of sweep " + key + ".");
    }

    /** Creates the exception for an attempt that is no longer the newest one, or whose sweep has finished. */
    SupersededException(SweepKey key, int attempt) {
        super("Attempt " + attempt + " of sweep " + key
                + " may write no more: a newer attempt has claimed the sweep, or the sweep has finished.");
    }
}
