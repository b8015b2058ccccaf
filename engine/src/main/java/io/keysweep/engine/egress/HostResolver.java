package io.keysweep.engine.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves host names to IP addresses. Implementations are thread-safe. */
@FunctionalInterface
public interface HostResolver {

    /** Resolves names as this machine does, for example by DNS and its hosts file. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Returns the addresses of a host, the preferred one first; at least one.
     *
     * @param host a host name, or an IP address in its usual spelling
     * @throws UnknownHostException if the host has no address
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
