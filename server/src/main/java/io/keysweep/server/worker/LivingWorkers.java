package io.keysweep.server.worker;

import java.util.Set;

/**
 * Describes the processes of the service that run sweeps and are alive. A sweep is the part of a scan that visits one
 * primary.
 *
 * @param ids ids of the processes
 * @param threads number of sweeps that these processes together can run at the same time
 */
public record LivingWorkers(Set<String> ids, int threads) {

    public LivingWorkers {
        ids = Set.copyOf(ids);
    }
}
