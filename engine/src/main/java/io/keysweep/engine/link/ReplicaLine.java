package io.keysweep.engine.link;

import java.util.ArrayList;
import java.util.List;

/**
 * One replica as the INFO of its primary tells it: a line {@code slave<n>:ip=…,port=…,state=…,offset=…,lag=…}.
 *
 * @param host as it announces itself; empty where the primary does not tell
 * @param port as it announces itself; 0 where the primary does not tell
 * @param state {@code online}, or how far its synchronisation has come; {@code unknown} where the primary does not tell
 * @param offset the last byte of replication that it has confirmed; 0 before the first
 * @param secondsSinceReply seconds since it last confirmed any ({@code lag}); -1 where it never has
 */
public record ReplicaLine(String host, int port, String state, long offset, long secondsSinceReply) {

    /** The replicas of the server that has told this, in its order; none if it is a replica without any itself. */
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

    /** Whether it follows its primary byte by byte. */
    public boolean online() {
        return state.equals("online");
    }

    /**
     * Bytes of replication that it has not confirmed.
     *
     * @param sent the primary's own {@code master_repl_offset}, of the same INFO
     */
    public long bytesBehind(long sent) {
        return Math.max(0, sent - offset);
    }
}
