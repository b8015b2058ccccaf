package io.keysweep.engine.topology;

import io.keysweep.engine.text.ForeignText;
import java.net.InetAddress;

/**
 * Identifies one node by its address: host and port, or a Unix socket on this machine.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; for a Unix socket the socket's absolute
 *     path
 * @param port 1 to 65535; 0 for a Unix socket
 */
public record NodeAddress(String host, int port) {

    /** The port of a Unix socket, which has none. */
    private static final int NO_PORT = 0;

    public NodeAddress {
        boolean isValid = host.startsWith("/") ? port == NO_PORT : AddressText.isHost(host) && AddressText.isPort(port);
        if (!isValid) {
            throw new IllegalArgumentException("address is '" + ForeignText.excerpt(host) + "' port " + port
                    + ", must be a host name or an IP address and a port from 1 to 65535");
        }
    }

    /**
     * Returns the address of the Unix socket at an absolute path. Does not check whether the socket exists.
     *
     * @throws IllegalArgumentException if the path does not begin with a slash
     */
    public static NodeAddress unix(String path) {
        return new NodeAddress(path, NO_PORT);
    }

    /**
     * Returns the address that a cluster node, a sentinel or a primary announces. The address is never a Unix socket,
     * and never an address that means no single host ({@code 0.0.0.0}, {@code ::} and multicast addresses).
     *
     * @throws IllegalArgumentException if host or port is not valid; the message names both and the rule
     */
    public static NodeAddress announced(String host, long port) {
        InetAddress literal = IpLiteral.parse(host);
        boolean isNoHost = literal != null && (literal.isAnyLocalAddress() || literal.isMulticastAddress());
        if (isNoHost || !AddressText.isHost(host) || !AddressText.isPort(port)) {
            throw new IllegalArgumentException("'" + ForeignText.excerpt(host) + "' port " + port
                    + ", must be the name or IP address of one host and a port from 1 to 65535");
        }
        return new NodeAddress(host, (int) port);
    }

    /**
     * Parses {@code host:port}, with an IPv6 host in brackets: {@code [::1]:6379}.
     *
     * @throws IllegalArgumentException if the text is not an address with a port; the message names the part, its value
     *     and the rule
     */
    public static NodeAddress parse(String text) {
        return AddressText.parse(text, AddressText.NO_DEFAULT_PORT);
    }

    /** Returns whether this is the address of a Unix socket. */
    public boolean isUnixSocket() {
        return port == NO_PORT;
    }

    /**
     * Returns {@code host:port}, with an IPv6 host in brackets, or the path of a Unix socket. Keysweep names nodes by
     * this text, in fields and columns called {@code nodeId} or {@code node_id}.
     */
    @Override
    public String toString() {
        if (isUnixSocket()) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
