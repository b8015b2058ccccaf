package io.keysweep.engine.doctor;

import io.keysweep.engine.link.ServerInfo;
import java.util.ArrayList;
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
        List<ReplicaState> replicas = new ArrayList<>();
        for (int i = 0; info.text("slave" + i).isPresent(); i++) {
            String fields = info.text("slave" + i).orElse("");
            ServerInfo replica = ServerInfo.parse(fields.replace(',', '\n').replace('=', ':'));
            replicas.add(new ReplicaState(
                    replica.text("ip").orElse("?") + ":" + replica.text("port").orElse("?"),
                    replica.text("state").orElse(Diagnosis.UNKNOWN),
                    Math.max(0, sent - replica.number("offset").orElse(0)),
                    replica.number("lag").orElse(-1)));
        }
        return replicas;
    }

    boolean online() {
        return state.equals("online");
    }
}
