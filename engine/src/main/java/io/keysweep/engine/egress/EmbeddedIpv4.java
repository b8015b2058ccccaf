package io.keysweep.engine.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the IPv4 address in an IPv6 address that contains one, such as {@code 64:ff9b::10.0.0.1} (NAT64) or {@code
 * 2002:a00:1::} (6to4).
 *
 * <p>A translator in the network can send packets for such an IPv6 address to the IPv4 address. {@link EgressPolicy}
 * therefore checks both.
 */
final class EmbeddedIpv4 {

    /**
     * Describes a kind of IPv6 addresses that contain an IPv4 address.
     *
     * @param network the network of these addresses
     * @param offset the position of the first byte of the IPv4 address
     */
    private record Form(IpNetwork network, int offset) {}

    /**
     * NAT64, local NAT64, SIIT (stateless translation), 6to4 and IPv4-compatible addresses. Mapped addresses are
     * missing, because Java turns them into IPv4 addresses by itself.
     */
    private static final List<Form> FORMS = List.of(
            new Form(IpNetwork.parse("64:ff9b::/96"), 12),
            new Form(IpNetwork.parse("64:ff9b:1::/48"), 12),
            new Form(IpNetwork.parse("0:0:0:0:ffff:0:0:0/96"), 12),
            new Form(IpNetwork.parse("2002::/16"), 2),
            new Form(IpNetwork.parse("::/96"), 12));

    /** Two addresses of {@code ::/96} that contain no IPv4 address. */
    private static final IpNetwork UNSPECIFIED_AND_LOOPBACK = IpNetwork.parse("::/127");

    private static final int IPV4_BYTES = 4;

    private EmbeddedIpv4() {}

    /**
     * Returns the IPv4 address in an IPv6 address; null if there is none, or if the address is an IPv4 address itself.
     */
    static @Nullable InetAddress of(InetAddress address) {
        if (UNSPECIFIED_AND_LOOPBACK.contains(address)) {
            return null;
        }
        for (Form form : FORMS) {
            if (form.network.contains(address)) {
                byte[] bytes = Arrays.copyOfRange(address.getAddress(), form.offset, form.offset + IPV4_BYTES);
                try {
                    return InetAddress.getByAddress(bytes);
                } catch (UnknownHostException e) {
                    throw new IllegalStateException("four bytes are an IPv4 address", e);
                }
            }
        }
        return null;
    }
}
