package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.MethodSelector;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;

/**
 * Checks whether a failover has changed the role of a server while an estimate reads it.
 *
 * <p>A scan removes dead keys (expired keys that still hold memory) on a primary, and hides them on a replica. If the
 * role changes during the estimate, removed keys would be counted as hidden ones, or hidden keys as removed ones.
 *
 * @param link a link to the server
 * @param errors explains the server's error replies
 * @param before the reply to INFO that was read when the estimate began
 */
record RoleCheck(NodeLink link, ServerErrors errors, ServerInfo before) {

    private static final String REPLICATION_ID = "master_replid";

    /**
     * Compares the current role with the earlier one.
     *
     * @throws NodeRefusedException if the role has changed; if a replica follows another primary, whose data may be
     *     different; or if a primary hides dead keys now, for example while writes are paused
     */
    void refuseChange() {
        ServerInfo currentInfo = ServerInfo.read(link, errors, MethodSelector.neededCommands());
        boolean wasReplica = isReplica(before);
        // A primary also gets another id when its last replica has been away for an hour, so its id is not compared.
        boolean isSameData = !wasReplica || currentInfo.text(REPLICATION_ID).equals(before.text(REPLICATION_ID));
        if (isReplica(currentInfo) != wasReplica || !isSameData) {
            throw new NodeRefusedException(
                    errors.nodeId(),
                    Reason.TOPOLOGY_UNCLEAR,
                    errors.nodeId() + " is no longer the " + (wasReplica ? "replica" : "primary")
                            + " that it was when the estimate began, so the numbers do not fit together; a failover may"
                            + " be in progress, try again");
        }
        if (!wasReplica) {
            new ServerStatus(currentInfo).obstacle().ifPresent(obstacle -> {
                throw new NodeRefusedException(
                        errors.nodeId(),
                        Reason.NOT_RECLAIMING,
                        errors.nodeId() + " hides dead keys since the estimate began: " + obstacle
                                + "; try again later");
            });
        }
    }

    private static boolean isReplica(ServerInfo info) {
        return ServerStatus.isReplica(info);
    }
}
