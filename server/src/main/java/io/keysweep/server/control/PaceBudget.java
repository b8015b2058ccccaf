package io.keysweep.server.control;

import java.util.Collection;
import java.util.Map;

/** Divides a rate or a share among the sweeps that must share it. Called as often as {@link SweepHold}. */
@FunctionalInterface
public interface PaceBudget {

    /** Returns the ceilings of sweeps by their executions; a sweep that shares nothing is not in the map. */
    Map<String, PaceCeiling> ceilings(Collection<ActiveSweep> sweeps);
}
