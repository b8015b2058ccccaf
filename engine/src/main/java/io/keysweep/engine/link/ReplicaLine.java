package io.keysweep.engine.link;

import java.util.ArrayList;
import java.util.List;

/**
 * Describes one replica as INFO of its primary reports it: {@code slave<n>:ip=…,port=…,state=…,offset=…,lag=…}.
 *
 * @param host the host that the replica announces; empty if the primary does not report it
 * @param port the port that the replica announces; 0 if the primary does not report it
 * @param state {@code online}, or a phase of its synchronisation; {@code unknown} if the primary does not report it
 * @param offset the last byte of the replication stream that the replica has confirmed; 0 before the first
 * @param secondsSinceReply seconds since the replica last confirmed anything ({@code lag}); -1 if it never has
 */
public record ReplicaLine(String host, int port, String state, long offset, long secondsSinceReply) {

    /**
     * Returns the replicas in an INFO reply, in its order. The list is empty for a replica that has no replicas itself.
     */
    public static List<ReplicaLine> of(ServerInfo info) {
        List<ReplicaLine> lines = new ArrayList<>();
        for (int i = 0; info.text("slave" + i).isPresent(); i++) {
            String line = info.text("slave" + i).orElse("");
            ServerInfo fields = ServerInfo.parse(line.replace(',', '\n').replace('=', ':'));
            lines.add(new ReplicaLine(
                    fields.text("ip").orElse(""),
                    (int) fields.number("port").orElse(0),
                    fields.text("state").orElse("unknown"),
                    fields.number("offset").orElse(0),
                    fields.number("lag").orElse(-1)));
        }
        return lines;
    }

    /** Returns whether the replica follows its primary continuously, after the initial synchronisation. */
    public boolean online() {
        return state.equals("online");
    }

    /**
     * Returns how many bytes of the replication stream the replica has not confirmed yet.
     *
     * @param sent the primary's own {@code master_repl_offset} in the same INFO reply
     */
    public long bytesBehind(long sent) {
        return Math.max(0, sent - offset);
    }
}
