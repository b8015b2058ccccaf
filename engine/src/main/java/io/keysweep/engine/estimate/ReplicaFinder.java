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

/** Finds a replica of a primary that can be read for an estimate. */
final class ReplicaFinder {

    private ReplicaFinder() {}

    /**
     * Returns the first usable replica, or null if there is none. A replica is usable if it is online, reachable at its
     * announced address (or as the node map says), accepts the deployment's credentials and follows this primary.
     */
    static @Nullable EstimateSource firstReadable(
            NodeConnector connector, EstimateSource primary, Deployment deployment, Sleeper sleeper) {
        for (NodeAddress announced : online(primary.info())) {
            try {
                NodeAddress address = deployment.nodeMap().resolve(announced);
                EstimateSource replica = EstimateSource.open(connector, address, deployment.access(), sleeper);
                if (follows(replica, primary)) {
                    return replica;
                }
                replica.close();
            } catch (NodeRefusedException e) {
                // Behind NAT, an announced address may be unreachable; the next replica may not.
            }
        }
        return null;
    }

    // From this machine, an announced address such as 127.0.0.1 may belong to an unrelated server.
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
