package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ReplicaLine;
import io.keysweep.engine.link.ServerInfo;
import java.util.List;

/**
 * Describes one replica in a {@link Diagnosis}, as the replica's primary reports it.
 *
 * @param address {@code host:port} as the replica announces it; {@code ?} instead of a part that the primary does not
 *     report
 * @param state {@code online} if the replica receives the replication stream; before that a phase of the initial
 *     synchronisation, for example {@code wait_bgsave}; {@code unknown} if the primary does not report it
 * @param bytesBehind the number of bytes of the replication stream that the replica has not confirmed
 * @param secondsSinceReply seconds since the replica last confirmed anything; -1 if the primary does not report it
 */
public record ReplicaState(String address, String state, long bytesBehind, long secondsSinceReply) {

    /** Returns the replicas that a primary lists in INFO, in the primary's order; empty if there are none. */
    static List<ReplicaState> of(ServerInfo info) {
        long primaryOffset = info.number("master_repl_offset").orElse(0);
        return ReplicaLine.of(info).stream()
                .map(line -> new ReplicaState(
                        (line.host().isEmpty() ? "?" : line.host()) + ":" + (line.port() == 0 ? "?" : line.port()),
                        line.state(),
                        line.bytesBehind(primaryOffset),
                        line.secondsSinceReply()))
                .toList();
    }

    /** Returns whether the replica receives the replication stream. */
    boolean online() {
        return state.equals("online");
    }
}
