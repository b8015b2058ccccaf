package io.keysweep.engine.topology;

/**
 * Thrown when a node (a server or sentinel) cannot be swept, examined or read, or can no longer be swept.
 *
 * <p>The message says why and what the operator can do. From the {@link Reason}, callers decide whether to try again.
 */
public final class NodeRefusedException extends RuntimeException {

    /** The reasons why a node is refused. */
    public enum Reason {
        /**
         * The connection failed, or it broke and could not be opened again in time. It is also the reason of error
         * replies that no other reason fits, for example if the server is busy or its cluster is down.
         */
        UNREACHABLE,
        /**
         * The node does not belong to the deployment in the URI. It is not a cluster node, it belongs to another
         * cluster than the other nodes in the URI, or the sentinel does not know the primary's name.
         */
        OTHER_DEPLOYMENT,
        /**
         * The topology does not say which node is meant. The sentinels disagree, a node announces no usable address for
         * another node, or another node answers at the address.
         */
        TOPOLOGY_UNCLEAR,
        /** The egress policy does not allow a connection to the address, see {@code EgressPolicy}. */
        ADDRESS_DENIED,
        /** The port answers, but not in the Redis protocol. */
        NOT_REDIS,
        /**
         * The server requires a password and none is configured ({@code NOAUTH}), or it has none and is in protected
         * mode ({@code DENIED}).
         */
        AUTHENTICATION_REQUIRED,
        /** The user or the password is wrong ({@code WRONGPASS}, or an {@code ERR} of older servers). */
        WRONG_CREDENTIALS,
        /** The ACL user must not run a command, or the server does not know the command; the message names it. */
        COMMAND_FORBIDDEN,
        /** The server is still loading its data set ({@code LOADING}). */
        LOADING,
        /** The node is a replica; only primaries are swept. */
        REPLICA,
        /** The sweep's slots have all moved to primaries that are swept separately. */
        HANDED_OVER,
        /** The node is a replica that has lost its primary ({@code MASTERDOWN}). */
        REPLICA_WITHOUT_PRIMARY,
        /** The server is older than Redis 4.0. */
        TOO_OLD,
        /**
         * The server currently reclaims nothing (removes no expired keys) by any known method, for example while writes
         * are paused. Also used if the server keeps sweeps from completing.
         */
        NOT_RECLAIMING,
        /**
         * A sweep through this address would not cover all keys, or did not. The address leads to several servers, the
         * scan does not end, or it skips keys.
         */
        NOT_COVERABLE,
        /** The load of the server, its replicas or its clients exceeds a critical limit. */
        OVERLOADED
    }

    private final Reason reason;
    private final String nodeId;

    /**
     * Creates the exception.
     *
     * @param nodeId the node, as {@link NodeAddress#toString} writes it
     * @param reason the kind of refusal
     * @param message one sentence with what is wrong and what to do next, for example
     *     {@code 10.0.0.1:6379 is a replica (READONLY); sweep its primary}
     */
    public NodeRefusedException(String nodeId, Reason reason, String message) {
        super(message);
        this.nodeId = nodeId;
        this.reason = reason;
    }

    /** Returns the kind of refusal. */
    public Reason reason() {
        return reason;
    }

    /** Returns the node, as {@link NodeAddress#toString} writes it. */
    public String nodeId() {
        return nodeId;
    }

    /**
     * Returns whether the cause may pass without a change by the user, so that it makes sense to try again.
     *
     * @param primaryCanMove whether another node may become the primary, as in a cluster or under Sentinel
     */
    public boolean mayPass(boolean primaryCanMove) {
        return switch (reason) {
            // NOT_REDIS may pass, because a server that hangs during a restart accepts connections and does not answer.
            // TOPOLOGY_UNCLEAR may pass, because sentinels disagree for some seconds during a failover.
            case UNREACHABLE, NOT_REDIS, TOPOLOGY_UNCLEAR, LOADING, NOT_RECLAIMING, OVERLOADED -> true;
            // In a cluster or under Sentinel, discovery finds the new primary soon.
            case REPLICA, REPLICA_WITHOUT_PRIMARY -> primaryCanMove;
            case AUTHENTICATION_REQUIRED,
                    WRONG_CREDENTIALS,
                    COMMAND_FORBIDDEN,
                    OTHER_DEPLOYMENT,
                    ADDRESS_DENIED,
                    HANDED_OVER,
                    NOT_COVERABLE,
                    TOO_OLD -> false;
        };
    }
}
