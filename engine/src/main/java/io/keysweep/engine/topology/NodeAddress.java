package io.keysweep.engine.topology;

/**
 * Identifies one node by its address: host and port, or a Unix socket on this machine.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; for a Unix socket the socket's absolute
 *     path
 * @param port 1 to 65535; 0 for a Unix socket
 */
public record NodeAddress(String host, int port) {

    private static final int NO_PORT = 0;

    /** Returns the address of the Unix socket at an absolute path. */
    public static NodeAddress unix(String path) {
        return new NodeAddress(path, NO_PORT);
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
     * Returns {@code host:port}, with an IPv6 host in brackets, or the path of a Unix socket. This text is the node's
     * id everywhere in Keysweep.
     */
    @Override
    public String toString() {
        if (isUnixSocket()) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
