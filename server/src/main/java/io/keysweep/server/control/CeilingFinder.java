package io.keysweep.server.control;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds the ceilings that apply to the scans of instances at present.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. The ceilings come from the instance
 * itself, from its project and from its tags. Implementations must be thread-safe, and use one query at most: {@link
 * RunningSweeps} asks twice a second for all running sweeps.
 */
@FunctionalInterface
public interface CeilingFinder {

    /** Returns the ceilings by instance id. An instance without ceilings may be missing in the map. */
    Map<UUID, Ceilings> find(Collection<UUID> instanceIds);

    /** Returns the ceilings of one instance, which may be {@link Ceilings#NONE}. */
    default Ceilings find(UUID instanceId) {
        return find(List.of(instanceId)).getOrDefault(instanceId, Ceilings.NONE);
    }
}
