package io.keysweep.engine.topology;

import io.keysweep.engine.text.ForeignText;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps the address, host or id that a node announces to the address at which Keysweep reaches the node.
 *
 * <p>Users need it for nodes in containers, behind NAT or behind tunnels. An address that is not in the map is used as
 * announced. The user names a node by its id in the cluster, by its address, or by its host, for all ports of that
 * host. If several of these apply to a node, the id comes first and the host last. Immutable.
 *
 * @param addresses the reachable address for each announced address, whose host is in lower case
 * @param ids the reachable address for each node id, 40 hexadecimal digits in lower case
 * @param hosts the reachable host for each announced host in lower case; the port is the announced one
 */
public record NodeMap(
        Map<NodeAddress, NodeAddress> addresses, Map<String, NodeAddress> ids, Map<String, String> hosts) {

    /** The map that changes no address: every node is reached at the address that it announces. */
    public static final NodeMap NONE = new NodeMap(Map.of());

    /** Matches the id of a cluster node. */
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{40}");

    /** The three forms of a pair, for messages. */
    private static final String RULE =
            "host:port=host:port, node id=host:port or host=host, for example 10.0.0.1:6379=127.0.0.1:7001";

    public NodeMap {
        addresses = Map.copyOf(addresses);
        ids = Map.copyOf(ids);
        hosts = Map.copyOf(hosts);
    }

    /** Creates a map of addresses alone. */
    public NodeMap(Map<NodeAddress, NodeAddress> addresses) {
        this(addresses, Map.of(), Map.of());
    }

    /**
     * Parses comma-separated pairs {@code announced=reachable}: {@code 10.0.0.1:6379=127.0.0.1:7001}, {@code
     * 07c37dfeb235213a872192d90877d0cd55635b91=127.0.0.1:7001} or {@code redis-1=10.8.0.1}. An IPv6 host with a port is
     * in brackets. A blank text is {@link #NONE}.
     *
     * @throws IllegalArgumentException if the text has another form, or names a node twice in the same way; the message
     *     names the wrong part and the rule
     */
    public static NodeMap parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        Map<NodeAddress, NodeAddress> addresses = new HashMap<>();
        Map<String, NodeAddress> ids = new HashMap<>();
        Map<String, String> hosts = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String pair = part.strip();
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "the node map has '" + ForeignText.excerpt(pair) + "', must be ANNOUNCED=REACHABLE: " + RULE);
            }
            String announcedNode = pair.substring(0, equals);
            String reachableNode = pair.substring(equals + 1);
            // The kind of the announced node decides which of the three maps gets the pair.
            Object previousValue;
            if (ID.matcher(announcedNode).matches()) {
                previousValue = ids.put(announcedNode.toLowerCase(Locale.ROOT), parseAddress(reachableNode));
            } else if (AddressText.isHost(announcedNode)) {
                previousValue = hosts.put(announcedNode.toLowerCase(Locale.ROOT), parseHost(reachableNode));
            } else {
                previousValue =
                        addresses.put(withLowerCaseHost(parseAddress(announcedNode)), parseAddress(reachableNode));
            }
            if (previousValue != null) {
                throw new IllegalArgumentException(
                        "the node map has " + announcedNode + " twice, must name each node once");
            }
        }
        return new NodeMap(addresses, ids, hosts);
    }

    /** Returns the text form, which {@link #parse} reads, with the pairs sorted. The text of {@link #NONE} is empty. */
    @Override
    public String toString() {
        return Stream.of(addresses, ids, hosts)
                .flatMap(map -> map.entrySet().stream())
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /**
     * Returns the address at which Keysweep reaches the node that announces the given address. This is the mapped one,
     * or the announced one if the map does not name it. The ids in the map are not considered, see {@link #findById}.
     */
    public NodeAddress resolve(NodeAddress announcedAddress) {
        NodeAddress mappedAddress = find(announcedAddress);
        return mappedAddress == null ? announcedAddress : mappedAddress;
    }

    /**
     * Returns the reachable address of the node that announces the given address, by this address or else by its host.
     * Returns null if the map names neither.
     */
    public @Nullable NodeAddress find(NodeAddress announcedAddress) {
        NodeAddress mappedAddress = addresses.get(withLowerCaseHost(announcedAddress));
        if (mappedAddress != null) {
            return mappedAddress;
        }
        String mappedHost = hosts.get(announcedAddress.host().toLowerCase(Locale.ROOT));
        return mappedHost == null ? null : new NodeAddress(mappedHost, announcedAddress.port());
    }

    /** Returns the reachable address of the node with the given id; null if the map does not name it. */
    public @Nullable NodeAddress findById(String id) {
        return ids.get(id.toLowerCase(Locale.ROOT));
    }

    /** Returns the address with its host in lower case, since the case of a host has no meaning. */
    private static NodeAddress withLowerCaseHost(NodeAddress address) {
        return new NodeAddress(address.host().toLowerCase(Locale.ROOT), address.port());
    }

    /** Parses one side of a pair as an address. */
    private static NodeAddress parseAddress(String text) {
        try {
            return NodeAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the node map has '" + ForeignText.excerpt(text) + "', must be " + RULE + " (" + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** Parses the right side of a pair whose left side is a host. */
    private static String parseHost(String text) {
        if (AddressText.isHost(text)) {
            return text;
        }
        throw new IllegalArgumentException("the node map has '" + ForeignText.excerpt(text)
                + "' for a host without a port, must be a host without a port: " + RULE);
    }
}
