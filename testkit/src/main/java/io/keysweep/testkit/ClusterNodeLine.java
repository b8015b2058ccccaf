package io.keysweep.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Contains one parsed line of the reply to CLUSTER NODES, which describes one node as the replying node sees it.
 *
 * @param id the described node's name in the cluster, 40 hex characters
 * @param flags the node's flags, for example {@code myself}, {@code master} or {@code handshake}
 * @param primaryId the id of the primary that the described node follows, 40 hex characters; null for a primary
 * @param slots the slots of the described node, as single slots and ranges, for example {@code 0-5460}. The marks of
 *     slots that are being moved are left out
 */
record ClusterNodeLine(
        String id, List<String> flags, @Nullable String primaryId, List<String> slots) {

    /** Asks a node for all lines, one for each node that it knows. */
    static List<ClusterNodeLine> allOf(RedisServer node) {
        try (RespClient client = node.client()) {
            return client.callText("CLUSTER", "NODES")
                    .lines()
                    .map(ClusterNodeLine::parse)
                    .toList();
        }
    }

    /** Asks a node for the line that describes the node itself. */
    static ClusterNodeLine ownOf(RedisServer node) {
        return allOf(node).stream()
                .filter(line -> line.flags.contains("myself"))
                .findFirst()
                .orElseThrow();
    }

    private static ClusterNodeLine parse(String line) {
        String[] words = line.split(" ");
        return new ClusterNodeLine(
                words[0],
                List.of(words[2].split(",")),
                words[3].equals("-") ? null : words[3],
                Arrays.stream(words)
                        // Slots follow the eight fixed fields; a slot that is being moved is in brackets.
                        .skip(8)
                        .filter(slots -> !slots.startsWith("["))
                        .toList());
    }

    /** Returns whether the node that replied and the described node have not finished their handshake. */
    boolean isInHandshake() {
        return flags.contains("handshake");
    }

    /** Returns whether the slot is assigned to the described node. */
    boolean owns(int slot) {
        return slots.stream().anyMatch(range -> {
            String[] ends = range.split("-", 2);
            return Integer.parseInt(ends[0]) <= slot && slot <= Integer.parseInt(ends[ends.length - 1]);
        });
    }

    /** Returns id, primary and slots as one text; equal texts mean that two nodes agree about the described node. */
    String roleAndSlots() {
        return id + " of " + primaryId + " " + slots;
    }
}
