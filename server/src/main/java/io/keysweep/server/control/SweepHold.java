package io.keysweep.server.control;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that may keep sweeps from running for a while, such as windows. Asked only about sweeps that nothing else
 * keeps. Implementations are beans in the order of their {@code @Order}, safe to share.
 */
@FunctionalInterface
public interface SweepHold {

    /**
     * What keeps those sweeps from running at the moment, by their executions; those that may run are not in the map. Asked
     * twice a second about all sweeps of a process, so one query at most; and of one that rests. Changes nothing.
     */
    Map<String, SweepRestriction> restraints(Collection<ActiveSweep> sweeps, Instant now);

    /** What keeps a sweep from beginning, whose worker asks; takes what the sweep needs, if that has to be taken. */
    default Optional<SweepRestriction> begin(ActiveSweep sweep, Instant now) {
        return Optional.ofNullable(restraints(List.of(sweep), now).get(sweep.execution()));
    }
}
