package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Sleeper;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a replica of a primary that can be read. */
final class ReplicaFinder {

    private ReplicaFinder() {}

    /**
     * The first one that is online, can be reached as the primary announces it, by the node map of the deployment, lets
     * us in in the same way, and follows this very primary; null if there is none.
     */
    static @Nullable EstimateSource firstReadable(
            NodeConnector connector, EstimateSource primary, Deployment deployment, Sleeper sleeper) {
        for (NodeAddress announced : online(primary.info())) {
            try {
                NodeAddress address = deployment.nodeMap().reach(announced);
                EstimateSource replica = EstimateSource.open(connector, address, deployment.access(), sleeper);
                if (follows(replica, primary)) {
                    return replica;
                }
                replica.close();
            } catch (NodeRefusedException e) {
                // The next one, then: behind a NAT an announced address may lead nowhere.
            }
        }
        return null;
    }

    // An announced address such as 127.0.0.1 may be, from here, another server altogether.
    private static boolean follows(EstimateSource replica, EstimateSource primary) {
        return replica.replica()
                && replica.info().text("master_replid").equals(primary.info().text("master_replid"));
    }

    private static List<NodeAddress> online(ServerInfo info) {
        return ReplicaLine.of(info).stream()
                .filter(line -> line.online() && !line.host().isEmpty() && line.port() > 0)
                .map(line -> new NodeAddress(line.host(), line.port()))
                .toList();
    }
}
