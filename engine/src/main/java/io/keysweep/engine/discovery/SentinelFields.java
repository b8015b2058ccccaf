package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.NodeAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the fields of a reply to SENTINEL MASTER. The user at the sentinel may lack the permission for it; then there
 * are none, and nothing is known of epoch and state.
 *
 * @param fields the values by name, for example {@code config-epoch}
 */
record SentinelFields(Map<String, String> fields) {

    /** Flags by which a sentinel says that it, or the majority, cannot reach the primary. */
    private static final List<String> DOWN_FLAGS = List.of("s_down", "o_down");

    /** Reads a reply that alternates names and values; an error or another reply has no fields. */
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

    /** Returns the number of the configuration, which rises with every failover. */
    long configEpoch() {
        return number(fields.getOrDefault("config-epoch", ""), SentinelAnswer.Named.UNKNOWN_EPOCH);
    }

    /**
     * Returns whether the sentinel regards a primary as down. During a failover it names the new primary already, while
     * these fields still describe the old one, which is down.
     */
    boolean regardsAsDown(NodeAddress primary) {
        return primary.host().equals(fields.get("ip"))
                && Integer.toString(primary.port()).equals(fields.get("port"))
                && Arrays.stream(fields.getOrDefault("flags", "").split(",")).anyMatch(DOWN_FLAGS::contains);
    }

    /** Returns the number that a text spells, or {@code otherwise} if it spells none. */
    static long number(String text, long otherwise) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
