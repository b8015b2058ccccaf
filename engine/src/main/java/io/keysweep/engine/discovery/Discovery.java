package io.keysweep.engine.discovery;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out who the primaries of a deployment are. Used by one thread at a time. */
@FunctionalInterface
public interface Discovery {

    /**
     * Asks who the primaries are now.
     *
     * @param last the node to ask only if nobody else answers, since its own word is not enough; null for none
     * @throws io.keysweep.engine.topology.NodeRefusedException if nobody can tell
     */
    Topology discover(@Nullable NodeAddress last);

    /** As {@link #discover(NodeAddress)}, of whoever answers first. */
    default Topology discover() {
        return discover(null);
    }

    /**
     * What a deployment takes; a single server is taken for the primary without being asked.
     *
     * @param connector opens links; stays the caller's to close
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
