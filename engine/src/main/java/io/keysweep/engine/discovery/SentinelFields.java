package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.NodeAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the fields by which one sentinel describes the primary that it monitors: its reply to SENTINEL MASTER.
 *
 * <p>The user at the sentinel may lack the permission for this command. Then there are no fields, the config epoch is
 * unknown, and the primary is treated as up.
 *
 * @param fields the values by name, for example {@code config-epoch}
 */
record SentinelFields(Map<String, String> fields) {

    /** The flags of a primary that this sentinel ({@code s_down}) or a quorum of them ({@code o_down}) cannot reach. */
    private static final List<String> DOWN_FLAGS = List.of("s_down", "o_down");

    /** Reads a reply that alternates names and values. An error, or another reply, results in no fields. */
    static SentinelFields of(Reply reply) {
        Map<String, String> fields = new HashMap<>();
        if (reply instanceof Reply.Items items) {
            List<Reply> parts = items.values();
            for (int i = 0; i + 1 < parts.size(); i += 2) {
                fields.put(parts.get(i).text(), parts.get(i + 1).text());
            }
        }
        return new SentinelFields(fields);
    }

    /**
     * Returns the config epoch, a number that rises with every failover; {@link SentinelAnswer.Named#UNKNOWN_EPOCH} if
     * the sentinel does not report it.
     */
    long configEpoch() {
        return parseOr(fields.getOrDefault("config-epoch", ""), SentinelAnswer.Named.UNKNOWN_EPOCH);
    }

    /**
     * Returns whether the sentinel regards a primary as down. Returns false if the fields describe another server. This
     * happens during a failover, when the sentinel names the new primary already but the fields still describe the old
     * one.
     *
     * @param primary the address that the sentinel announces, before the node map is applied
     */
    boolean regardsAsDown(NodeAddress primary) {
        return primary.host().equals(fields.get("ip"))
                && Integer.toString(primary.port()).equals(fields.get("port"))
                && Arrays.stream(fields.getOrDefault("flags", "").split(",")).anyMatch(DOWN_FLAGS::contains);
    }

    /** Returns the number that a text spells, or {@code otherwise} if it spells none. */
    static long parseOr(String text, long otherwise) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
