package io.keysweep.server.control;

import java.util.Collection;
import java.util.Map;

/**
 * Divides the rate and the share that a host allows among the sweeps that run there.
 *
 * <p>The share is the part of the time of the server's main thread. {@link RunningSweeps} calls this twice a second
 * with all sweeps of its process, and once for each sweep that begins. An implementation therefore uses one query at
 * most.
 */
@FunctionalInterface
public interface PaceBudget {

    /** Returns the ceilings of the sweeps by execution id. A sweep that need not share anything is not in the map. */
    Map<String, PaceCeiling> ceilings(Collection<ActiveSweep> sweeps);
}
