package io.keysweep.server.control;

import java.util.Collection;
import java.util.Map;

/** What sweeps share with others, divided among them. Asked as {@link SweepHold} is. */
@FunctionalInterface
public interface PaceBudget {

    /** The ceilings of those sweeps by their executions; one that shares nothing is not in the map. */
    Map<String, PaceCeiling> ceilings(Collection<ActiveSweep> sweeps);
}
