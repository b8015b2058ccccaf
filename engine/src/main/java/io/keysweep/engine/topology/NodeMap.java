package io.keysweep.engine.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Maps the address that a node announces to the address at which Keysweep reaches the node. Users need it for nodes in
 * containers, behind NAT or behind tunnels. An address that is not in the map is used as announced.
 *
 * @param actual the reachable address for each announced address
 */
public record NodeMap(Map<NodeAddress, NodeAddress> actual) {

    /** Changes no address: every node is reached at the address that it announces. */
    public static final NodeMap NONE = new NodeMap(Map.of());

    private static final String EXAMPLE = "for example 10.0.0.1:6379=127.0.0.1:7001";

    public NodeMap {
        actual = Map.copyOf(actual);
    }

    /**
     * Parses comma-separated pairs {@code announced=actual}, for example {@code 10.0.0.1:6379=127.0.0.1:7001}. Each
     * side is {@code host:port}, with an IPv6 host in brackets. A blank text is {@link #NONE}.
     *
     * @throws IllegalArgumentException if the text has another form or contains an announced address twice; the message
     *     names the wrong part and the rule
     */
    public static NodeMap parse(String text) {
        Map<NodeAddress, NodeAddress> actual = new LinkedHashMap<>();
        if (text.isBlank()) {
            return NONE;
        }
        for (String part : text.split(",", -1)) {
            String pair = part.strip();
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "node map has \"" + pair + "\", must be announced=actual, " + EXAMPLE);
            }
            NodeAddress announced = address(pair.substring(0, equals));
            if (actual.put(announced, address(pair.substring(equals + 1))) != null) {
                throw new IllegalArgumentException(
                        "node map has " + announced + " twice, must name each announced address once");
            }
        }
        return new NodeMap(actual);
    }

    /** Returns the text form, with the pairs sorted by announced address. The text of {@link #NONE} is empty. */
    @Override
    public String toString() {
        return actual.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Returns the address at which Keysweep reaches the node that announces the given address. */
    public NodeAddress resolve(NodeAddress announced) {
        return actual.getOrDefault(announced, announced);
    }

    private static NodeAddress address(String text) {
        try {
            return NodeAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "node map has \"" + text + "\", must be host:port, " + EXAMPLE + " (" + e.getMessage() + ")", e);
        }
    }
}
