package io.keysweep.server.control;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps sweeps from running for a while, for example outside their windows or without a permit.
 *
 * <p>A sweep is the part of a scan that visits one primary. Windows are times of the week when sweeps may run, and a
 * permit allows one sweep to run within the budgets. {@link SweepDecisions} asks the beans of this type in the order of
 * their {@code @Order}. It does not ask about a sweep that an instruction, such as a pause, or an earlier bean already
 * keeps from running. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface SweepHold {

    /**
     * Returns the restrictions of the sweeps by execution id. A sweep that may run is not in the map. Changes nothing.
     *
     * <p>The service calls this method twice a second with all running sweeps of a process, so an implementation may
     * use one query at most. The service also calls it with a single sweep that waits.
     */
    Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now);

    /**
     * Asks whether a sweep may begin now, and takes what the sweep needs for that, such as a permit. Returns the
     * restriction of the sweep; empty if it may begin.
     */
    default Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return Optional.ofNullable(restrictions(List.of(sweep), now).get(sweep.execution()));
    }
}
