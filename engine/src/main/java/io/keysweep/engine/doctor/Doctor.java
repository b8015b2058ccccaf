package io.keysweep.engine.doctor;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;

/**
 * Looks at a server and says what stands in the way of a sweep, or makes it dearer. Touches no key. Safe to share
 * between threads. Implemented over any {@link NodeConnector} by {@link ServerDoctor}, on Lettuce by {@code
 * io.keysweep.engine.lettuce.LettuceInspections}.
 */
public interface Doctor extends AutoCloseable {

    /**
     * Examines a server, be it a primary or a replica.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if it does not let us in or refuses INFO, so that nothing
     *     can be said
     */
    default Diagnosis examine(Deployment deployment) {
        return examine(deployment, /* purging= */ false);
    }

    /**
     * Examines a server that may be swept with MEMORY PURGE at the end.
     *
     * @param purging whether the user that the diagnosis proposes is allowed that as well
     * @throws io.keysweep.engine.topology.NodeRefusedException as above
     */
    Diagnosis examine(Deployment deployment, boolean purging);

    /** Ends its connections and threads. */
    @Override
    void close();
}
