package io.keysweep.server.control;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps sweeps from running for a while, for example outside their windows. Asked only about sweeps that no instruction and
 * no earlier hold keeps from running. Implementations are beans, in the order of their {@code @Order}, safe to share.
 */
@FunctionalInterface
public interface SweepHold {

    /**
     * Returns what keeps sweeps from running at the moment, by their executions; a sweep that may run is not in the map.
     * Called twice a second with all sweeps of a process, so it may do one query at most; also called with one sweep that
     * waits. Changes nothing.
     */
    Map<String, SweepRestriction> restrictions(Collection<ActiveSweep> sweeps, Instant now);

    /** Returns what keeps a sweep from beginning, or takes what the sweep needs, such as a permit, and returns empty. */
    default Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return Optional.ofNullable(restrictions(List.of(sweep), now).get(sweep.execution()));
    }
}
