package io.keysweep.engine.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a host once, checks its addresses against an {@link EgressPolicy}, and returns the address to connect to.
 *
 * <p>The caller connects to exactly this address and resolves nothing again. Otherwise the owner of a host name could
 * answer the first look-up with an allowed address, and the second look-up with a denied address (DNS rebinding).
 * Thread-safe.
 *
 * @param policy decides which addresses are allowed
 * @param resolver resolves host names
 */
public record EgressGate(EgressPolicy policy, HostResolver resolver) {

    /** Allows every address that a user may name on the command line: all but metadata services of clouds. */
    public static final EgressGate OPEN = new EgressGate(EgressPolicy.OPEN, HostResolver.SYSTEM);

    /**
     * Returns the first address of a host that the policy allows. The result keeps the host's name, with which TLS
     * checks the certificate. Blocks while the resolver looks up the name.
     *
     * @param host a host name, or an IP address without brackets
     * @param port a TCP port
     * @throws EgressDeniedException if the policy does not allow the port, or allows none of the host's addresses; the
     *     exception then has the reason for the first address
     * @throws UnknownHostException if the host has no address
     */
    public InetSocketAddress resolve(String host, int port) throws UnknownHostException {
        String obstacle = policy.obstacleToPort(port);
        if (obstacle != null) {
            throw new EgressDeniedException(obstacle);
        }
        @Nullable String firstObstacle = null;
        for (InetAddress address : resolver.resolve(host)) {
            obstacle = policy.obstacleTo(address);
            if (obstacle == null) {
                return new InetSocketAddress(withHostName(host, address), port);
            }
            firstObstacle = firstObstacle == null ? obstacle : firstObstacle;
        }
        if (firstObstacle == null) {
            throw new UnknownHostException(host);
        }
        throw new EgressDeniedException(firstObstacle);
    }

    /**
     * Returns the address with the host as its name, so that no reverse look-up is made for the name. The interface of
     * a link-local IPv6 address is kept, because the address is of no use without it.
     */
    private static InetAddress withHostName(String host, InetAddress address) throws UnknownHostException {
        return address instanceof Inet6Address scoped && scoped.getScopedInterface() != null
                ? Inet6Address.getByAddress(host, scoped.getAddress(), scoped.getScopedInterface())
                : InetAddress.getByAddress(host, address.getAddress());
    }
}
