package io.keysweep.engine.nodes;

import io.keysweep.engine.sweep.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Describes one node of a deployment by its own INFO reply and, for a replica, by the INFO reply of its primary.
 *
 * @param nodeId the address at which Keysweep reaches the node, such as {@code 10.0.0.5:6379}
 * @param ownFacts the facts that the node reports about itself; null if it could not be read
 * @param replication the facts that the primary reports about this replica; null for a primary, and for a replica that
 *     its primary does not list
 * @param problem why the node could not be read, as a sentence for users; null if it was read
 */
public record NodeState(
        String nodeId,
        @Nullable OwnFacts ownFacts,
        @Nullable Replication replication,
        @Nullable String problem) {

    /**
     * Contains the facts that a node reports about itself.
     *
     * @param identity the product and its version
     * @param replica whether the node is a replica
     * @param follows the primary of a replica as {@code host:port}; null for a primary
     * @param linkUp whether a replica has a connection to its primary; true for a primary
     * @param usedBytes the memory that the node has allocated, bytes; 0 if it does not report it
     */
    public record OwnFacts(
            ServerIdentity identity,
            boolean replica,
            @Nullable String follows,
            boolean linkUp,
            long usedBytes) {}

    /**
     * Contains the facts that a primary reports about one of its replicas.
     *
     * @param state {@code online} if the replica receives the replication stream; before that a phase of the initial
     *     synchronisation, such as {@code wait_bgsave}; {@code unknown} if the primary does not report it
     * @param synchronising whether the replica still receives or loads the data set
     * @param bytesBehind the number of bytes of the replication stream that the replica has not confirmed
     * @param secondsSinceReply seconds since the replica last confirmed anything; -1 if the primary does not report it
     */
    public record Replication(String state, boolean synchronising, long bytesBehind, long secondsSinceReply) {}
}
