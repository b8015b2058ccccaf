package io.keysweep.engine.discovery;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.SlotSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the current primaries of a deployment, before a sweep begins and again after a failover or a move of slots.
 *
 * <p>A deployment is one server, a primary that sentinels name, or a cluster. {@link #of} creates the discovery for
 * each kind. Not thread-safe, except where an implementation says otherwise.
 */
@FunctionalInterface
public interface Discovery {

    /**
     * Finds the current primaries, and blocks until nodes have answered or failed. The result may contain two primaries
     * with one address, see {@link #discover()}.
     *
     * @param lastResort a node to ask only if no other node answers, because its answer may be out of date; null for
     *     none
     * @throws io.keysweep.engine.topology.NodeRefusedException if no node gives a usable answer, if the sentinels do
     *     not agree, or if the node that they name is not a primary
     */
    Topology discover(@Nullable NodeAddress lastResort);

    /**
     * Finds the current primaries with {@link #discover(NodeAddress)}, without a node of last resort, and checks that
     * no two primaries have the same address.
     *
     * @throws io.keysweep.engine.topology.NodeRefusedException as {@link #discover(NodeAddress)}, and if two primaries
     *     have the same address
     */
    default Topology discover() {
        return discover(/* lastResort= */ null).withDistinctAddresses();
    }

    /**
     * Creates the discovery for a kind of deployment. For a single server, the discovery sends no command. It takes the
     * server for the primary, and a replica is refused later, when it is swept.
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
