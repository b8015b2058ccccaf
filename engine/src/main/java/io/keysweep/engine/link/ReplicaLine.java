package io.keysweep.engine.link;

import java.util.ArrayList;
import java.util.List;

/**
 * Describes one replica as a line of its primary's INFO reply reports it.
 *
 * <p>Example: {@code slave0:ip=10.0.0.2,port=6379,state=online,offset=420,lag=1}.
 *
 * @param host the host that the replica announces; empty if the primary does not report it
 * @param port the port that the replica announces; 0 if the primary does not report it
 * @param state {@code online} if the replica receives the replication stream; before that a phase of the initial
 *     synchronisation, for example {@code wait_bgsave}; {@code unknown} if the primary does not report it
 * @param offset how many bytes of the replication stream the replica has confirmed; 0 if it has confirmed none
 * @param secondsSinceReply seconds since the replica last confirmed anything ({@code lag}); -1 if the primary does not
 *     report it
 */
public record ReplicaLine(String host, int port, String state, long offset, long secondsSinceReply) {

    /**
     * The invalid port that replaces every larger number. A larger number, cut to an int, could become a valid port.
     */
    private static final int NO_VALID_PORT = 65_536;

    /**
     * The seconds after which an online replica that has sent nothing is treated as a client that never confirms, such
     * as {@code redis-cli --replica}. A replica that still loads its data does send a sign of life every second.
     */
    private static final long NEVER_CONFIRMS_SECONDS = 60;

    /**
     * Returns the replicas that an INFO reply lists, in the order of their lines. The list is empty if the server has
     * no replicas.
     *
     * @param info the INFO reply of a primary, with the section {@code replication}
     */
    public static List<ReplicaLine> of(ServerInfo info) {
        List<ReplicaLine> lines = new ArrayList<>();
        for (int i = 0; info.text("slave" + i).isPresent(); i++) {
            String line = info.text("slave" + i).orElse("");
            // The replacement turns the fields of the line into lines of INFO, so that one parser reads both.
            ServerInfo fields = ServerInfo.parse(line.replace(',', '\n').replace('=', ':'));
            lines.add(new ReplicaLine(
                    fields.text("ip").orElse(""),
                    Math.clamp(fields.number("port").orElse(0), 0, NO_VALID_PORT),
                    fields.text("state").orElse("unknown"),
                    fields.number("offset").orElse(0),
                    fields.number("lag").orElse(-1)));
        }
        return lines;
    }

    /**
     * Returns whether the replica is being synchronised, so that the primary collects the replication stream and the
     * replica does not read it yet. There are two cases:
     *
     * <ul>
     *   <li>The state is a phase before {@code online}.
     *   <li>The state is {@code online}, but the replica still loads its data: it has confirmed nothing so far,
     *       although the primary has written something, and it has given a sign of life in the last
     *       {@value #NEVER_CONFIRMS_SECONDS} s.
     * </ul>
     *
     * @param primaryOffset the primary's own {@code master_repl_offset} in the same INFO reply
     */
    public boolean synchronising(long primaryOffset) {
        boolean isLoading = online()
                && offset == 0
                && primaryOffset > 0
                && secondsSinceReply >= 0
                && secondsSinceReply < NEVER_CONFIRMS_SECONDS;
        return isLoading || (!online() && !state.equals("unknown"));
    }

    /** Returns whether the initial synchronisation has ended and the replica receives the replication stream. */
    public boolean online() {
        return state.equals("online");
    }

    /**
     * Returns how many bytes of the replication stream the replica has not confirmed yet; all of them if it has
     * confirmed none.
     *
     * @param primaryOffset the primary's own {@code master_repl_offset} in the same INFO reply
     */
    public long bytesBehind(long primaryOffset) {
        return Math.max(0, primaryOffset - offset);
    }
}
