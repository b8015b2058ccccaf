package io.keysweep.engine.discovery;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the current primaries of a deployment. Not thread-safe unless an implementation says so. */
@FunctionalInterface
public interface Discovery {

    /**
     * Finds the current primaries.
     *
     * @param last a node to ask only if no other answers, because its answer alone is not reliable; null for none
     * @throws io.keysweep.engine.topology.NodeRefusedException if no node or sentinel can answer
     */
    Topology discover(@Nullable NodeAddress last);

    /** Finds the current primaries from the first node that answers, see {@link #discover(NodeAddress)}. */
    default Topology discover() {
        return discover(null);
    }

    /**
     * Creates the discovery for a kind of deployment. A single server is assumed to be the primary and is not asked.
     *
     * @param connector opens links; the caller closes it
     */
    static Discovery of(NodeConnector connector, Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server ->
                last -> new Topology(List.of(new Primary(server.address(), SlotSet.ALL, List.of())), server.address());
            case Deployment.Sentinel sentinel -> new SentinelDiscovery(connector, sentinel);
            case Deployment.Cluster cluster -> new ClusterDiscovery(connector, cluster);
        };
    }
}
