package io.keysweep.engine.discovery;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the current primaries of a deployment, before a sweep begins and again after a failover or a move of slots.
 * Not thread-safe, except where an implementation says otherwise.
 */
@FunctionalInterface
public interface Discovery {

    /**
     * Finds the current primaries.
     *
     * @param lastResort a node to ask only if no other node answers, because its answer may be out of date; null for
     *     none
     * @throws io.keysweep.engine.topology.NodeRefusedException if no node or sentinel can answer
     */
    Topology discover(@Nullable NodeAddress lastResort);

    /**
     * Finds the current primaries from the first node that answers, see {@link #discover(NodeAddress)}.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException also if two primaries have the same address
     */
    default Topology discover() {
        return discover(null).withDistinctAddresses();
    }

    /**
     * Creates the discovery for a kind of deployment. For a single server, no command is sent: the server counts as the
     * primary.
     *
     * @param connector opens links to nodes; the caller closes the connector
     * @param deployment the deployment to find the primaries of
     */
    static Discovery of(NodeConnector connector, Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone server ->
                unused ->
                        new Topology(List.of(new Primary(server.address(), SlotSet.ALL, List.of())), server.address());
            case Deployment.Sentinel sentinel -> new SentinelDiscovery(connector, sentinel);
            case Deployment.Cluster cluster -> new ClusterDiscovery(connector, cluster);
        };
    }
}
