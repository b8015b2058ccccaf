package io.keysweep.server.sweep;

/**
 * Renews the lease of a worker on its execution, that is, on db-scheduler's entry for the sweep.
 *
 * <p>The worker has the lease while the execution is in the version that the worker has picked. db-scheduler gives the
 * execution a new version when it passes the work to another worker.
 */
@FunctionalInterface
interface ExecutionLease {

    /** Renews the lease in the current transaction. Returns false if the worker has lost the lease. */
    boolean renew();
}
