package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Sleeper;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a replica of a primary that can be read for an estimate, since scanning the primary would remove keys.
 *
 * <p>An estimate counts dead keys: expired keys that still hold memory. A SCAN of a primary removes the dead keys that
 * it meets, and a SCAN of a replica removes no key.
 */
final class ReplicaFinder {

    private ReplicaFinder() {}

    /**
     * Returns a connection to the first usable replica, which the caller must close, or null if no replica is usable. A
     * replica is usable if:
     *
     * <ul>
     * <li>the cluster names it, or its primary reports it as online
     * <li>it is reachable at its announced address, or at the address in the deployment's node map (which maps
     * announced addresses to reachable ones)
     * <li>it accepts the deployment's credentials, and the user may run INFO
     * <li>it has loaded its data, and its link to the primary is up
     * <li>it follows this primary
     * </ul>
     *
     * @param primary an open connection to the primary
     * @param replicasInCluster the replicas that the cluster names, asked first; empty outside a cluster
     */
    static @Nullable EstimateSource firstReadable(
            NodeConnector connector,
            EstimateSource primary,
            List<NodeAddress> replicasInCluster,
            Deployment deployment,
            Sleeper sleeper) {
        Set<NodeAddress> candidates = new LinkedHashSet<>(replicasInCluster);
        onlineReplicas(primary.info())
                .forEach(announcedAddress -> candidates.add(deployment.nodeMap().resolve(announcedAddress)));
        for (NodeAddress address : candidates) {
            try {
                EstimateSource replica = EstimateSource.open(connector, address, deployment.access(), sleeper);
                if (followsPrimary(replica, primary)) {
                    return replica;
                }
                replica.close();
            } catch (NodeRefusedException e) {
                // Behind NAT, an announced address may be unreachable. The next replica may be reachable.
            }
        }
        return null;
    }

    /**
     * Returns whether a server is a replica of the primary. An announced address such as 127.0.0.1 may lead to an
     * unrelated server on this machine. Only servers with the same replication id (INFO {@code master_replid}) have the
     * same data.
     */
    private static boolean followsPrimary(EstimateSource replica, EstimateSource primary) {
        return replica.replica()
                && replica.info().text("master_replid").equals(primary.info().text("master_replid"));
    }

    /** Returns the addresses of the replicas that INFO of the primary reports as online. */
    private static List<NodeAddress> onlineReplicas(ServerInfo info) {
        return ReplicaLine.of(info).stream()
                .filter(ReplicaLine::online)
                .map(ReplicaFinder::address)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the address that a replica announces; empty if it is not a valid one. */
    private static Optional<NodeAddress> address(ReplicaLine line) {
        try {
            return Optional.of(NodeAddress.announced(line.host(), line.port()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
