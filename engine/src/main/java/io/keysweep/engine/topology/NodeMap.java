package io.keysweep.engine.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * From the address that a node announces to the one where it is reached from here, for nodes behind NAT, in containers
 * or behind tunnels. An address that is not in it is taken as it is.
 *
 * @param actual by the announced address
 */
public record NodeMap(Map<NodeAddress, NodeAddress> actual) {

    /** Every node is where it says. */
    public static final NodeMap NONE = new NodeMap(Map.of());

    private static final String EXAMPLE = "for example 10.0.0.1:6379=127.0.0.1:7001";

    public NodeMap {
        actual = Map.copyOf(actual);
    }

    /**
     * Reads pairs {@code announced=actual}, parted by commas, each side {@code host:port} with an IPv6 host in brackets.
     *
     * @throws IllegalArgumentException if it is not that, or an announced address stands there twice; names the part
     *     that is wrong and the rule
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

    /** The text form, pairs by the announced address; that of {@link #NONE} is empty. */
    @Override
    public String toString() {
        return actual.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Where a node that announces this is reached. */
    public NodeAddress reach(NodeAddress announced) {
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
