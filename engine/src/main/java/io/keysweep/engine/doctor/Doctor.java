package io.keysweep.engine.doctor;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import java.util.List;

/**
 * Examines a server and reports what prevents a sweep or makes it more expensive. Touches no key. Thread-safe. {@link
 * ServerDoctor} implements it over any {@link NodeConnector}; {@code io.keysweep.engine.lettuce.LettuceEngine} creates
 * one that uses Lettuce.
 */
public interface Doctor extends AutoCloseable {

    /**
     * Examines a single server, be it a primary or a replica, or all primaries of a deployment, one after the other.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be connected to or refuses INFO, so
     *     that nothing is known about it
     */
    default List<Diagnosis> examine(Deployment deployment) {
        return examine(deployment, /* purging= */ false);
    }

    /**
     * Examines servers, see {@link #examine(Deployment)}.
     *
     * @param purging whether the proposed user may also run MEMORY PURGE, for sweeps that end with it
     * @throws io.keysweep.engine.topology.NodeRefusedException if a server cannot be connected to or refuses INFO
     */
    List<Diagnosis> examine(Deployment deployment, boolean purging);

    /** Ends the doctor's connections and threads. */
    @Override
    void close();
}
