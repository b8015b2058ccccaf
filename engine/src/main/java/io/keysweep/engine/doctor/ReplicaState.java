package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import java.util.List;

/**
 * One replica, as its primary sees it.
 *
 * @param address {@code host:port} as it announces itself
 * @param state {@code online}, or how far its synchronisation has come
 * @param bytesBehind bytes of replication that it has not confirmed
 * @param secondsSinceReply seconds since it last confirmed any; -1 where it never has
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
