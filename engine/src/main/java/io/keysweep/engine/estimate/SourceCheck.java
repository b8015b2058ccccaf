package io.keysweep.engine.estimate;

import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.ServerErrors;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.LoadBalancerCheck;
import io.keysweep.engine.sweep.ProxyCheck;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.util.Optional;

/**
 * Refuses servers whose dead keys cannot be estimated, with a message that says what the user can do instead.
 *
 * @param link a link to the server
 * @param errors explains the server's error replies, and names the server
 * @param info the reply to INFO that was read when the connection was opened
 */
record SourceCheck(NodeLink link, ServerErrors errors, ServerInfo info) {

    /**
     * Refuses a server that holds no keys, that Keysweep does not support, or whose data is incomplete or out of date.
     *
     * @throws NodeRefusedException if the server is a Sentinel, is too old, is loading its data, or is a replica
     *     without a link to its primary
     */
    void refuseUnusable() {
        if (info.is("redis_mode", "sentinel")) {
            throw refusal(Reason.NOT_REDIS, "is a Sentinel, which holds no keys; use the address of the primary");
        }
        ServerIdentity identity = ServerIdentity.of(info);
        if (identity.tooOld()) {
            throw refusal(
                    Reason.TOO_OLD, "runs Redis " + identity.version() + ", must be 4.0 or newer; upgrade the server");
        }
        Optional<NodeRefusedException> loadingRefusal = new ServerStatus(info).loading(errors.nodeId());
        if (loadingRefusal.isPresent()) {
            throw loadingRefusal.get();
        }
        if (ServerStatus.isReplica(info) && !info.is("master_link_status", "up")) {
            throw refusal(
                    Reason.REPLICA_WITHOUT_PRIMARY,
                    "is a replica without a link to its primary, so its data is out of date; use another replica or the"
                            + " primary");
        }
    }

    /**
     * Refuses a load balancer, and a proxy that sends commands to different servers, since the covered part of the keys
     * would be unknown. Opens further connections to find a load balancer.
     *
     * @param connector opens the further connections
     * @param address the address of the server
     * @param access the credentials and TLS settings for the further connections
     * @throws NodeRefusedException if connections to the address, or the commands of this connection, reach several
     *     servers
     */
    void refuseSeveralServers(NodeConnector connector, NodeAddress address, Access access) {
        ProxyCheck.SplitView split = new ProxyCheck(link, errors).check(info, /* method= */ null);
        if (split != null) {
            throw refusal(
                    Reason.NOT_COVERABLE,
                    "is a proxy over several servers (" + split.why()
                            + "), so nobody knows which part of the keys a sample covers; estimate each server by its"
                            + " own address");
        }
        new LoadBalancerCheck(connector, address, access)
                .refuseSeveral(info.text("run_id").orElse(""));
    }

    /** Returns the exception for this server; {@code predicate} is the message without the server. */
    private NodeRefusedException refusal(Reason reason, String predicate) {
        return new NodeRefusedException(errors.nodeId(), reason, errors.nodeId() + " " + predicate);
    }
}
