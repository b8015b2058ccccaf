package io.keysweep.server.scan;

import io.keysweep.engine.sweep.SweepControl.Intervention;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that may keep sweeps from running for a while, such as windows. Asked before a sweep begins and about once a
 * second while it runs. Implementations are beans, safe to share, and need one query for all scans at most.
 */
@FunctionalInterface
public interface SweepHold {

    /**
     * Why a sweep is not to run, and until when.
     *
     * @param intervention who keeps it, and why
     * @param ends whether the sweep ends for good instead of going on later
     * @param until when to look again, or null if that is not known
     */
    record Restraint(
            Intervention intervention,
            boolean ends,
            @Nullable Instant until) {}

    /**
     * What keeps those scans from running at the moment, by their ids; those that may run are not in the map.
     */
    Map<UUID, Restraint> restraints(Collection<Scan> scans, Instant now);
}
