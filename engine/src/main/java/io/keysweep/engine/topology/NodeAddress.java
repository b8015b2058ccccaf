package io.keysweep.engine.topology;

/**
 * Holds the address of one node: host and port, or a Unix socket on this machine.
 *
 * @param host name, IPv4 or IPv6 address (without brackets); for a Unix socket its absolute path
 * @param port 1 to 65535; 0 only for a Unix socket
 */
public record NodeAddress(String host, int port) {

    private static final int NO_PORT = 0;

    /** Returns the address of the Unix socket at an absolute path. */
    public static NodeAddress unix(String path) {
        return new NodeAddress(path, NO_PORT);
    }

    /**
     * Parses {@code host:port}, with an IPv6 host in brackets.
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
