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
 * their {@code @Order}. It asks only about sweeps that neither their instructions (such as a pause) nor an earlier bean
 * keep from running. Implementations must be thread-safe.
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
     * Returns the restriction of a sweep that is about to begin; empty if the sweep may begin. For a sweep that may
     * begin, an implementation can also take a permit.
     */
    default Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return Optional.ofNullable(restrictions(List.of(sweep), now).get(sweep.execution()));
    }
}
