package io.keysweep.engine.topology;

/** A node cannot be swept, or no longer; says why and what the operator can do about it. */
public final class NodeRefusedException extends RuntimeException {

    /** Why a node is refused. */
    public enum Reason {
        /** No connection, or it broke and did not come back in time. */
        UNREACHABLE,
        /** The node is no part of such a deployment: no node of a cluster, or a sentinel that does not know the name. */
        OTHER_DEPLOYMENT,
        /** Something answers, but not in the Redis protocol. */
        NOT_REDIS,
        /** The server wants a password and none is configured ({@code NOAUTH}). */
        AUTHENTICATION_REQUIRED,
        /** User or password are wrong ({@code WRONGPASS}, or an {@code ERR} of older servers). */
        WRONG_CREDENTIALS,
        /** The ACL user lacks a command ({@code NOPERM}); the message names it. */
        COMMAND_FORBIDDEN,
        /** The server still reads its data set ({@code LOADING}). */
        LOADING,
        /** The node is a replica; only primaries are swept. */
        REPLICA,
        /** All slots that were to be swept have gone to primaries that are swept by themselves. */
        HANDED_OVER,
        /** The node is a replica that has lost its primary ({@code MASTERDOWN}). */
        REPLICA_WITHOUT_PRIMARY,
        /** Older than Redis 4.0. */
        TOO_OLD,
        /** The server reclaims nothing in any way we know, for example while writes are paused. */
        NOT_RECLAIMING,
        /** The server, its replicas or its clients suffer past a critical limit. */
        OVERLOADED
    }

    private final Reason reason;
    private final String nodeId;

    /**
     * @param nodeId as {@link NodeAddress#toString} writes it
     * @param reason the kind of refusal
     * @param message one sentence with the value and the rule, and what to do next
     */
    public NodeRefusedException(String nodeId, Reason reason, String message) {
        super(message);
        this.nodeId = nodeId;
        this.reason = reason;
    }

    /** The kind of refusal. */
    public Reason reason() {
        return reason;
    }

    /** The node, as {@link NodeAddress#toString} writes it. */
    public String nodeId() {
        return nodeId;
    }
}
