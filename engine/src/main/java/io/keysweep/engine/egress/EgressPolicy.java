package io.keysweep.engine.egress;

import io.keysweep.engine.topology.IpLiteral;
import io.keysweep.engine.topology.NodeAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides to which addresses Keysweep may connect, for servers that users register and for webhooks.
 *
 * <p>A policy resolves no names; {@link EgressGate} resolves a name and applies the policy to its addresses. Metadata
 * services of clouds are never allowed, since they give credentials to every program that reaches them.
 *
 * <p>Each method returns null if a connection is allowed, and otherwise the reason as a part of a sentence. The reason
 * names the setting that forbids the connection, such as {@code egress.ports}, or says that the address is a metadata
 * service. Immutable.
 *
 * @param allowed the networks that may be connected to
 * @param denied networks that must not be connected to although {@code allowed} contains them
 * @param ports the TCP ports that may be connected to
 * @param unixSockets whether Unix sockets may be connected to
 */
public record EgressPolicy(
        List<IpNetwork> allowed, List<IpNetwork> denied, List<PortRange> ports, boolean unixSockets) {

    /** The networks that contain all IPv4 and IPv6 addresses. */
    public static final List<IpNetwork> ANYWHERE = IpNetwork.parseList("0.0.0.0/0,::/0");

    /** The networks in which no Redis server or webhook receiver is: unspecified, link-local, multicast, broadcast. */
    public static final List<IpNetwork> NO_SERVERS =
            IpNetwork.parseList("0.0.0.0/8,169.254.0.0/16,224.0.0.0/4,255.255.255.255,::,fe80::/10,ff00::/8");

    /** Allows every address that a user may name on the command line: all but metadata services. */
    public static final EgressPolicy OPEN =
            new EgressPolicy(ANYWHERE, List.of(), List.of(PortRange.ALL), /* unixSockets= */ true);

    /** The default policy of the service. */
    public static final EgressPolicy SERVICE =
            new EgressPolicy(ANYWHERE, NO_SERVERS, List.of(PortRange.ALL), /* unixSockets= */ false);

    /**
     * The addresses of metadata services. AWS, Azure, Google Cloud and OpenStack use the first address. AWS containers,
     * Azure's agent, Oracle, Alibaba Cloud and similar services use the others.
     */
    private static final List<IpNetwork> METADATA = IpNetwork.parseList(
            "169.254.169.254,169.254.170.2,168.63.129.16,192.0.0.192,100.100.100.200,169.254.42.42,169.254.0.23,"
                    + "fd00:ec2::254,fd00:ec2::23,fd20:ce::254,fe80::a9fe:a9fe,fd00:42::42");

    public EgressPolicy {
        allowed = List.copyOf(allowed);
        denied = List.copyOf(denied);
        ports = List.copyOf(ports);
    }

    /**
     * Returns why an IP address must not be connected to; null if it may. An IPv6 address can stand for IPv4 addresses.
     * It is refused if one of them is denied or is a metadata service; these IPv4 addresses need not be allowed.
     * Example: {@code 64:ff9b::10.0.0.1} is not allowed if {@code 10.0.0.0/8} is denied. The policy does not know
     * translators with a prefix that the operator has chosen; the operator must deny their network.
     */
    public @Nullable String obstacleTo(InetAddress address) {
        InetAddress unmappedAddress = EmbeddedIpv4.unmapped(address);
        String obstacle = obstacleToExactly(unmappedAddress);
        if (obstacle != null) {
            return obstacle;
        }
        return EmbeddedIpv4.allOf(unmappedAddress).stream()
                .filter(this::isDenied)
                .findFirst()
                .map(ipv4 -> address.getHostAddress() + " stands for " + obstacleToExactly(ipv4))
                .orElse(null);
    }

    private boolean isDenied(InetAddress address) {
        return METADATA.stream().anyMatch(network -> network.contains(address))
                || denied.stream().anyMatch(network -> network.contains(address));
    }

    /**
     * Returns why an IP address must not be connected to; null if it may. Ignores IPv4 addresses inside an IPv6
     * address.
     */
    private @Nullable String obstacleToExactly(InetAddress address) {
        String addressText = address.getHostAddress();
        if (METADATA.stream().anyMatch(network -> network.contains(address))) {
            return addressText + " is the metadata service of a cloud, which is never allowed";
        }
        Optional<IpNetwork> deniedNetwork =
                denied.stream().filter(network -> network.contains(address)).findFirst();
        if (deniedNetwork.isPresent()) {
            return addressText + " is in " + deniedNetwork.get() + ", which egress.denied-networks contains";
        }
        return allowed.stream().anyMatch(network -> network.contains(address))
                ? null
                : addressText + " is in no network of egress.allowed-networks (" + joinTexts(allowed) + ")";
    }

    /** Returns why a TCP port must not be connected to; null if it may. */
    public @Nullable String obstacleToPort(int port) {
        return ports.stream().anyMatch(range -> range.contains(port))
                ? null
                : "port " + port + " is none of egress.ports (" + joinTexts(ports) + ")";
    }

    /**
     * Returns why a host that is given as an IP address must not be connected to; null if it may. For a host name the
     * result is also null, because its addresses must be checked after they are resolved.
     */
    public @Nullable String obstacleToHost(String host) {
        InetAddress parsedAddress = IpLiteral.parse(host);
        return parsedAddress == null ? null : obstacleTo(parsedAddress);
    }

    /**
     * Returns why a node must not be connected to, from the text of its address alone; null if it may. For a host name
     * only the port is checked here; the addresses of the host must be checked after they are resolved.
     */
    public @Nullable String obstacleTo(NodeAddress node) {
        if (node.isUnixSocket()) {
            return unixSockets ? null : "it is a Unix socket, which egress.unix-sockets does not allow";
        }
        String obstacle = obstacleToPort(node.port());
        return obstacle == null ? obstacleToHost(node.host()) : obstacle;
    }

    private static String joinTexts(List<?> parts) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
