package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import io.keysweep.engine.sweep.ServerStatus;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server has told.
 *
 * @param nodeId {@code host:port}
 * @param user ACL user, {@code default} if none was given
 * @param info all of INFO
 * @param settings what CONFIG GET tells
 * @param method the method that would be used, or null
 * @param methodReason why this one, or why none
 * @param methodCommands commands that the method needs
 * @param exact whether its counts are exact
 * @param refusal why the server does no steps for us; null if it does, or was not asked
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
        @Nullable NodeRefusedException refusal) {

    ServerIdentity identity() {
        return ServerIdentity.of(info);
    }

    ServerStatus serverStatus() {
        return new ServerStatus(info);
    }

    MemoryState memory() {
        return MemoryState.of(info);
    }

    List<ReplicaState> replicas() {
        return ReplicaState.of(info);
    }

    boolean replica() {
        return info.is("role", "slave");
    }

    String primary() {
        return info.text("master_host").orElse("?") + ":"
                + info.text("master_port").orElse("?");
    }

    long keys() {
        return Keyspace.of(info).totalKeys();
    }

    long volatileKeys() {
        return Keyspace.of(info).totalExpires();
    }
}
