package io.keysweep.engine.discovery;

import io.keysweep.engine.link.Reply;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.NodeAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes one node of a cluster as another node's reply to CLUSTER SLOTS names it.
 *
 * <p>The <i>endpoint</i> is the host at which the node wants clients to connect. Texts of the reply become addresses
 * only through {@link NodeAddress#announced}, which checks them. {@link NodeAddresses} decides which address Keysweep
 * uses.
 *
 * @param id the node's id in the cluster; if the reply lacks it, as before Redis 4.0, the text of endpoint and port
 * @param endpoint the host at which the node wants clients to connect; null, empty or {@code ?} if it announces none
 * @param port the port for clients; 0 if this connection uses TLS and the node has no TLS port, or the other way round
 * @param ip the IP address that the node announces besides its endpoint; null if none
 * @param hostname the host name that the node announces besides its endpoint; null if none
 */
record AnnouncedNode(
        String id,
        @Nullable String endpoint,
        long port,
        @Nullable String ip,
        @Nullable String hostname) {

    /** The text that a node announces instead of a host name if its settings prefer host names and name none. */
    private static final String NO_HOSTNAME = "?";

    /** The position of the id in the array of a node. */
    private static final int ID_INDEX = 2;

    /** The position of the names and values of further addresses in the array of a node. */
    private static final int METADATA_INDEX = 3;

    /**
     * Reads a node from an array of endpoint, port, id, and an array that alternates the names and values of further
     * addresses. Older servers omit the last of these parts, or the last two.
     *
     * @throws io.keysweep.engine.link.UnexpectedReplyException if the reply has another form
     */
    static AnnouncedNode of(Reply reply) {
        List<Reply> parts = reply.items(2);
        String endpoint = text(parts.getFirst());
        long port = parts.get(1).number();
        Map<String, @Nullable String> metadata = new HashMap<>();
        List<Reply> fields =
                parts.size() > METADATA_INDEX ? parts.get(METADATA_INDEX).items(0) : List.of();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            metadata.put(fields.get(i).text(), text(fields.get(i + 1)));
        }
        return new AnnouncedNode(
                parts.size() > ID_INDEX ? parts.get(ID_INDEX).text() : endpoint + " " + port,
                endpoint,
                port,
                metadata.get("ip"),
                metadata.get("hostname"));
    }

    /** Returns the text of a reply; null for a null reply. */
    private static @Nullable String text(Reply reply) {
        return reply instanceof Reply.Nil ? null : reply.text();
    }

    /** Returns whether the node announces an endpoint; the endpoint may still be invalid. */
    boolean hasEndpoint() {
        return endpoint != null && !endpoint.isEmpty() && !endpoint.equals(NO_HOSTNAME);
    }

    /**
     * Returns the endpoint as an address. Call it only if {@link #hasEndpoint} is true.
     *
     * @throws IllegalArgumentException if endpoint and port are not a valid address; the message names both and the
     *     rule
     */
    NodeAddress endpointAddress() {
        return NodeAddress.announced(Objects.requireNonNull(endpoint), port);
    }

    /** Returns all valid addresses that the node announces, the endpoint first, each once; empty if there are none. */
    List<NodeAddress> addresses() {
        List<NodeAddress> addresses = new ArrayList<>();
        addAnnounced(hasEndpoint() ? endpoint : null, addresses);
        addAnnounced(ip, addresses);
        addAnnounced(hostname, addresses);
        return addresses;
    }

    /** Adds a host with the node's port, unless the host is missing or is not an address. */
    private void addAnnounced(@Nullable String host, List<NodeAddress> addresses) {
        if (host == null) {
            return;
        }
        try {
            NodeAddress address = NodeAddress.announced(host, port);
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        } catch (IllegalArgumentException e) {
            // Older servers and nodes without a host name report empty texts here.
        }
    }

    /** Describes the node in a message, by its id, endpoint and port. */
    String describe() {
        return "node " + ForeignText.excerpt(id) + " at "
                + (endpoint == null ? "null" : "'" + ForeignText.excerpt(endpoint) + "'") + " port " + port;
    }
}
