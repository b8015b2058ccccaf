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

/** Finds a replica of a primary that can be read for an estimate, as reading the primary would remove keys. */
final class ReplicaFinder {

    private ReplicaFinder() {}

    /**
     * Returns a connection to the first usable replica, or null if no replica is usable. A replica is usable if:
     *
     * <ul>
     *   <li>its primary reports it as online
     *   <li>it is reachable at its announced address, or at the address in the deployment's node map
     *   <li>it accepts the deployment's credentials
     *   <li>it follows this primary
     * </ul>
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
                // Behind NAT, an announced address may be unreachable. The next replica may be reachable.
            }
        }
        return null;
    }

    // On this machine, an announced address such as 127.0.0.1 may belong to an unrelated server. Only a replica of the
    // same primary has the same replication id.
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
