package io.keysweep.server.control;

import java.util.Collection;
import java.util.Map;

/**
 * Divides the rate and the share that are allowed for a host of Redis servers among the sweeps of these servers.
 *
 * <p>A sweep is the part of a scan that visits one primary. A rate is in keys visited per second. A share is a part of
 * the time of a server's main thread, above 0 and at most 1. (The policy that is called the budget is something else:
 * it limits the number of sweeps.) Implementations must be thread-safe.
 */
@FunctionalInterface
public interface PaceBudget {

    /**
     * Returns the allowances of the sweeps by execution id (the id of the sweep's entry in db-scheduler). A sweep that
     * its host does not limit may be missing, and the map may contain sweeps of other processes.
     *
     * <p>{@link RunningSweeps} calls this method about twice a second with all sweeps of its process, and once for each
     * sweep that begins. An implementation may therefore use one query at most.
     */
    Map<String, HostAllowance> allowances(Collection<ActiveSweep> sweeps);
}
