package io.keysweep.engine.topology;

/**
 * Host and port of one node.
 *
 * @param host name, IPv4 or IPv6 address (without brackets)
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) {

    /** {@code host:port}, with an IPv6 host in brackets; the node's id everywhere in Keysweep. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
