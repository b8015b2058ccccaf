package io.keysweep.engine.estimate;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.link.UnexpectedReplyException;
import io.keysweep.engine.sweep.Sleeper;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a replica of a primary that can be read for an estimate, since scanning the primary would remove keys.
 *
 * <p>An estimate counts dead keys: expired keys that still hold memory. A SCAN of a primary removes the dead keys that
 * it meets, and a SCAN of a replica removes no key.
 */
final class ReplicaFinder {

    /** The largest difference of clocks in seconds that hardly changes which keys have expired. */
    private static final long MAX_CLOCK_DIFFERENCE_SECONDS = 5;

    private ReplicaFinder() {}

    /**
     * Returns a connection to the first usable replica, which the caller must close, or null if no replica is usable. A
     * replica is usable if:
     *
     * <ul>
     *   <li>the cluster names it, or its primary reports it as online
     *   <li>it is reachable at its announced address, or at the address in the deployment's node map (which maps what
     *       nodes announce to reachable addresses)
     *   <li>it accepts the deployment's credentials, and the user may run INFO
     *   <li>it has loaded its data, and its link to the primary is up
     *   <li>it follows this primary
     *   <li>its clock differs from the clock of the primary by at most 5 s, or one of the clocks cannot be read; a
     *       replica hides the keys that have expired by its own clock
     * </ul>
     *
     * @param primary an open connection to the primary
     * @param replicasInCluster the replicas that the cluster names, asked first; empty outside a cluster
     * @param mayDoWithout whether the primary itself is read if no replica is usable
     * @throws NodeRefusedException if a replica is needed, and none is usable because of a wrong clock
     */
    static @Nullable EstimateSource firstReadable(
            NodeConnector connector,
            EstimateSource primary,
            List<NodeAddress> replicasInCluster,
            Deployment deployment,
            boolean mayDoWithout,
            Sleeper sleeper) {
        NodeRefusedException wrongClock = null;
        Set<NodeAddress> candidates = new LinkedHashSet<>(replicasInCluster);
        onlineReplicas(primary.info())
                .forEach(announcedAddress -> candidates.add(deployment.nodeMap().resolve(announcedAddress)));
        for (NodeAddress address : candidates) {
            try {
                EstimateSource replica = EstimateSource.open(connector, address, deployment.access(), sleeper);
                boolean isItsReplica = followsPrimary(replica, primary);
                long clockDifference = isItsReplica ? clockDifferenceSeconds(replica, primary) : 0;
                if (isItsReplica && clockDifference == 0) {
                    return replica;
                }
                replica.close();
                if (isItsReplica && wrongClock == null) {
                    wrongClock = wrongClock(replica.nodeId(), primary.nodeId(), clockDifference);
                }
            } catch (NodeRefusedException e) {
                // Behind NAT, an announced address may be unreachable. The next replica may be reachable.
            }
        }
        if (wrongClock != null && !mayDoWithout) {
            throw wrongClock;
        }
        return null;
    }

    /**
     * Returns by how many seconds the clocks of a replica and its primary differ. The result is 0 if the difference is
     * too small to matter, or if one of the clocks cannot be read.
     */
    private static long clockDifferenceSeconds(EstimateSource replica, EstimateSource primary) {
        OptionalLong primaryClockBefore;
        OptionalLong replicaClock;
        OptionalLong primaryClockAfter;
        try {
            primaryClockBefore = primary.clockSeconds();
            replicaClock = replica.clockSeconds();
            primaryClockAfter = primary.clockSeconds();
        } catch (LinkBrokenException | UnexpectedReplyException e) {
            // If the connection is broken, the next command over it reports that.
            return 0;
        }
        if (primaryClockBefore.isEmpty() || replicaClock.isEmpty() || primaryClockAfter.isEmpty()) {
            return 0;
        }
        long secondsBehind = primaryClockBefore.getAsLong() - replicaClock.getAsLong();
        long secondsAhead = replicaClock.getAsLong() - primaryClockAfter.getAsLong();
        long difference = Math.max(secondsBehind, secondsAhead);
        return difference > MAX_CLOCK_DIFFERENCE_SECONDS ? difference : 0;
    }

    private static NodeRefusedException wrongClock(String replica, String primary, long clockDifferenceSeconds) {
        return new NodeRefusedException(
                replica,
                Reason.NOT_COVERABLE,
                String.format(
                        Locale.ROOT,
                        "%s, a replica of %s, has a clock that differs by %,d s from that of its primary. It hides the"
                                + " keys that have expired by its own clock, so it cannot show how many have on the"
                                + " primary; correct the clocks",
                        replica,
                        primary,
                        clockDifferenceSeconds));
    }

    /**
     * Returns whether a server is a replica of the primary. An announced address such as 127.0.0.1 may lead to an
     * unrelated server on this machine. Only servers with the same replication id (INFO {@code master_replid}) have the
     * same data.
     */
    private static boolean followsPrimary(EstimateSource replica, EstimateSource primary) {
        return replica.isReplica()
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
