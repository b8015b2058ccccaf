package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ProxyCheck;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the facts that {@link ServerDoctor} has read from one server; the checks derive their findings from them.
 *
 * <p>A reclaim method (script, transaction or pipeline) decides how a sweep scans for expired keys and counts the
 * removed ones.
 *
 * @param nodeId the server's address, {@code host:port} or the path of a Unix socket
 * @param user the name of the ACL user; {@code default} if none was given
 * @param info the complete INFO reply
 * @param settings the settings that CONFIG GET returned
 * @param method the name of the reclaim method that a sweep would use; null if no method is possible, or if none was
 *     tried
 * @param methodReason why this method was chosen, or why there is no method
 * @param methodCommands the commands that the method needs, in lower case; empty without a method
 * @param exact whether the method counts the reclaimed keys exactly; true if there is no method, so that no finding
 *     about the count is made
 * @param refusal why the server refuses steps of this user; null if a method was found, or if no method was tried
 * @param split the evidence that the address belongs to a proxy in front of several servers; null if there is none
 */
record ServerFacts(
        String nodeId,
        String user,
        ServerInfo info,
        ServerSettings settings,
        @Nullable String method,
        String methodReason,
        List<String> methodCommands,
        boolean exact,
        @Nullable NodeRefusedException refusal,
        ProxyCheck.@Nullable SplitView split) {

    /**
     * Returns the facts of a server for which no reclaim method is known.
     *
     * @param reason why no method is possible or was tried
     * @param refusal why the server refuses steps of this user; null if no method was tried
     */
    static ServerFacts withoutMethod(
            String nodeId,
            String user,
            ServerInfo info,
            ServerSettings settings,
            String reason,
            @Nullable NodeRefusedException refusal) {
        return new ServerFacts(
                nodeId,
                user,
                info,
                settings,
                /* method= */ null,
                reason,
                /* methodCommands= */ List.of(),
                /* exact= */ true,
                refusal,
                /* split= */ null);
    }

    ServerIdentity identity() {
        return ServerIdentity.of(info);
    }

    ServerStatus serverStatus() {
        return new ServerStatus(info);
    }

    MemoryState memory() {
        return MemoryState.of(info);
    }

    /** Returns the replicas that follow the server. */
    List<ReplicaState> replicas() {
        return ReplicaState.of(info);
    }

    /** Returns whether the server is a replica. */
    boolean isReplica() {
        return ServerStatus.isReplica(info);
    }

    /** Returns the address of the primary that a replica follows, {@code host:port}; {@code ?} for unknown parts. */
    String primary() {
        return info.text("master_host").orElse("?") + ":"
                + info.text("master_port").orElse("?");
    }

    /** Returns the number of keys in all databases; behind a proxy, the keys of all its servers. */
    long keys() {
        return (split == null ? Keyspace.of(info) : split.keyspace()).totalKeys();
    }

    /** Returns the number of hashes with fields that can expire; 0 if the server does not report it. */
    long expirableHashes() {
        return Keyspace.of(info).expirableHashes();
    }

    /** Returns the number of keys with a TTL in all databases; behind a proxy, only the keys of one server. */
    long volatileKeys() {
        return Keyspace.of(info).totalExpires();
    }
}
