package io.keysweep.engine.doctor;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import java.util.List;

/**
 * Looks at a server and says what stands in the way of a sweep, or makes it dearer. Touches no key. Safe to share
 * between threads. Implemented over any {@link NodeConnector} by {@link ServerDoctor}, on Lettuce by {@code
 * io.keysweep.engine.lettuce.LettuceEngine}.
 */
public interface Doctor extends AutoCloseable {

    /**
     * Examines the server, be it a primary or a replica, or the primaries of the deployment, one after the other.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException if one does not let us in or refuses INFO, so that nothing
     *     can be said
     */
    default List<Diagnosis> examine(Deployment deployment) {
        return examine(deployment, /* purging= */ false);
    }

    /**
     * Examines servers that may be swept with MEMORY PURGE at the end.
     *
     * @param purging whether the user that a diagnosis proposes is allowed that as well
     * @throws io.keysweep.engine.topology.NodeRefusedException as above
     */
    List<Diagnosis> examine(Deployment deployment, boolean purging);

    /** Ends its connections and threads. */
    @Override
    void close();
}
