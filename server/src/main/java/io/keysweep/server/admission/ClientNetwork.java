package io.keysweep.server.admission;

import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.topology.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Maps the IP address of a client to the network whose requests are counted together against a limit.
 *
 * <p>Each IPv4 address is counted alone. A client with an IPv6 address usually owns all 2^64 addresses of its /64
 * network, and could use a new address for each request. So all addresses of a /64 network are counted together.
 */
public final class ClientNetwork {

    private static final int IPV6_PREFIX = 64;

    private ClientNetwork() {}

    /**
     * Returns the network of an address as text, such as {@code 10.0.0.1} or {@code 2001:db8:0:1:0:0:0:0/64}. A text
     * that is not an IP address is returned as it is.
     */
    public static String of(String address) {
        InetAddress ipAddress = IpLiteral.parse(address);
        if (ipAddress == null) {
            return address;
        }
        return ipAddress instanceof Inet6Address ? networkOf(ipAddress).toString() : ipAddress.getHostAddress();
    }

    private static IpNetwork networkOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, IPV6_PREFIX / Byte.SIZE, bytes.length, (byte) 0);
        try {
            return new IpNetwork(InetAddress.getByAddress(bytes), IPV6_PREFIX);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Sixteen bytes are an IPv6 address", e);
        }
    }
}
