package io.keysweep.engine.topology;

/**
 * Where one node listens: host and port, or a Unix socket on this machine.
 *
 * @param host name, IPv4 or IPv6 address (without brackets); of a Unix socket its absolute path
 * @param port 1 to 65535; 0 exactly for a Unix socket
 */
public record NodeAddress(String host, int port) {

    private static final int NO_PORT = 0;

    /** The Unix socket at an absolute path. */
    public static NodeAddress unix(String path) {
        return new NodeAddress(path, NO_PORT);
    }

    /**
     * Reads {@code host:port}, an IPv6 host in brackets.
     *
     * @throws IllegalArgumentException if it is not that; names the part, its value and the rule
     */
    public static NodeAddress parse(String text) {
        return AddressText.parse(text, AddressText.NO_DEFAULT);
    }

    /** Whether this is a Unix socket. */
    public boolean isUnixSocket() {
        return port == NO_PORT;
    }

    /**
     * {@code host:port}, with an IPv6 host in brackets, or the path of a Unix socket; the node's id everywhere in
     * Keysweep.
     */
    @Override
    public String toString() {
        if (isUnixSocket()) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
