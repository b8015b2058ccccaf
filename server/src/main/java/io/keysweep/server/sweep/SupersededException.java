package io.keysweep.server.sweep;

/**
 * Stops a worker whose sweep another worker has claimed in the meantime, or whose sweep has finished. A sweep is the
 * part of a scan that visits one primary. The worker must write nothing more about the sweep. {@link SweepAttempt} and
 * {@link SweepStore} throw it.
 */
final class SupersededException extends RuntimeException {

    /**
     * Creates the exception for a worker that has lost the lease on its execution (db-scheduler's entry for the sweep).
     */
    SupersededException(SweepKey key) {
        super("Another worker has taken up the execution of sweep " + key + ".");
    }

    /** Creates the exception for an attempt that is no longer the newest one. */
    SupersededException(SweepKey key, int attempt) {
        super("A newer attempt than " + attempt + " has claimed sweep " + key + ".");
    }
}
