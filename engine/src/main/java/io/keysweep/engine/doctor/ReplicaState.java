package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import java.util.List;

/**
 * Describes one replica as its primary reports it.
 *
 * @param address {@code host:port} as the replica announces it
 * @param state {@code online}, or a phase of its synchronisation
 * @param bytesBehind bytes of the replication stream that the replica has not confirmed
 * @param secondsSinceReply seconds since the replica last confirmed anything; -1 if it never has
 */
public record ReplicaState(String address, String state, long bytesBehind, long secondsSinceReply) {

    static List<ReplicaState> of(ServerInfo info) {
        long sent = info.number("master_repl_offset").orElse(0);
        return ReplicaLine.of(info).stream()
                .map(line -> new ReplicaState(
                        (line.host().isEmpty() ? "?" : line.host()) + ":" + (line.port() == 0 ? "?" : line.port()),
                        line.state(),
                        line.bytesBehind(sent),
                        line.secondsSinceReply()))
                .toList();
    }

    boolean online() {
        return state.equals("online");
    }
}
