package io.keysweep.engine.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the IPv4 addresses that an IPv6 address can stand for, such as {@code 64:ff9b::10.0.0.1} (NAT64) or {@code
 * 2002:a00:1::} (6to4).
 *
 * <p>A translator or a tunnel in the network can send packets for such an IPv6 address to the IPv4 address. {@link
 * EgressPolicy} therefore checks both. If the position of the IPv4 address depends on the translator's settings, the
 * addresses at all possible positions are returned.
 */
final class EmbeddedIpv4 {

    /** The number of bytes of an IPv4 address. */
    private static final int IPV4_BYTES = 4;

    private static final int IPV6_BYTES = 16;

    private static final Layout LAST_BYTES = new Layout(12, 13, 14, 15);

    /** The layouts of RFC 6052, section 2.2, for prefixes of 48, 56, 64 and 96 bits. None of them uses byte 8. */
    private static final List<Layout> LOCAL_LAYOUTS =
            List.of(new Layout(6, 7, 9, 10), new Layout(7, 9, 10, 11), new Layout(9, 10, 11, 12), LAST_BYTES);

    /** The network whose translator can have a prefix of 48, 56, 64 or 96 bits (RFC 8215). */
    private static final IpNetwork LOCAL_NAT64 = IpNetwork.parse("64:ff9b:1::/48");

    /**
     * The network of Teredo (RFC 4380). Its addresses contain the IPv4 address of a server, and the IPv4 address of a
     * client with all bits inverted.
     */
    private static final IpNetwork TEREDO = IpNetwork.parse("2001::/32");

    private static final Layout TEREDO_SERVER = new Layout(4, 5, 6, 7);

    /**
     * The kinds of addresses with one layout each: NAT64, SIIT (stateless translation), 6to4, IPv4-compatible, Teredo.
     */
    private static final List<Form> FORMS = List.of(
            new Form(IpNetwork.parse("64:ff9b::/96"), LAST_BYTES),
            new Form(IpNetwork.parse("0:0:0:0:ffff:0:0:0/96"), LAST_BYTES),
            new Form(IpNetwork.parse("2002::/16"), new Layout(2, 3, 4, 5)),
            new Form(IpNetwork.parse("::/96"), LAST_BYTES),
            new Form(TEREDO, TEREDO_SERVER));

    /** Two addresses of {@code ::/96} that contain no IPv4 address. */
    private static final IpNetwork UNSPECIFIED_AND_LOOPBACK = IpNetwork.parse("::/127");

    /**
     * Describes a kind of IPv6 addresses that contain an IPv4 address.
     *
     * @param network the network of these addresses
     * @param layout where the IPv4 address is
     */
    private record Form(IpNetwork network, Layout layout) {}

    /** Holds the positions of the four bytes of an IPv4 address in an IPv6 address. */
    private record Layout(int first, int second, int third, int fourth) {

        byte[] read(byte[] ipv6) {
            return new byte[] {ipv6[first], ipv6[second], ipv6[third], ipv6[fourth]};
        }
    }

    private EmbeddedIpv4() {}

    /**
     * Returns the IPv4 address that an address in IPv6 form ({@code ::ffff:10.0.0.1}) contains; returns any other
     * address unchanged. Java converts such texts itself, but not the answers of name servers.
     */
    static InetAddress unmapped(InetAddress address) {
        if (address instanceof Inet6Address) {
            InetAddress parsedAddress = parse(address.getAddress());
            return parsedAddress instanceof Inet6Address ? address : parsedAddress;
        }
        return address;
    }

    /**
     * Returns the IPv4 addresses that an IPv6 address can stand for. The list is empty if there is none, or if the
     * address is an IPv4 address itself.
     */
    static List<InetAddress> allOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != IPV6_BYTES || UNSPECIFIED_AND_LOOPBACK.contains(address)) {
            return List.of();
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (Form form : FORMS) {
            if (form.network.contains(address)) {
                addresses.add(parse(form.layout.read(bytes)));
            }
        }
        if (TEREDO.contains(address)) {
            byte[] client = LAST_BYTES.read(bytes);
            for (int i = 0; i < IPV4_BYTES; i++) {
                client[i] = (byte) ~client[i];
            }
            addresses.add(parse(client));
        }
        if (isIsatap(bytes)) {
            addresses.add(parse(LAST_BYTES.read(bytes)));
        }
        if (LOCAL_NAT64.contains(address)) {
            // A wrong layout often yields an address that begins with 0. No packet reaches 0.0.0.0/8, so such a result
            // is ignored. The default policy denies that network, so nearly every address would be denied otherwise.
            LOCAL_LAYOUTS.stream()
                    .map(layout -> layout.read(bytes))
                    .filter(ipv4 -> ipv4[0] != 0)
                    .map(EmbeddedIpv4::parse)
                    .forEach(addresses::add);
        }
        return addresses;
    }

    /**
     * Returns whether an address is an ISATAP address (RFC 5214). Only its second half shows this; it can be in any
     * network.
     */
    private static boolean isIsatap(byte[] ipv6) {
        byte[] middle = Arrays.copyOfRange(ipv6, 8, 12);
        // The bit 0x02 says whether the address is unique in the world, and may be set or not.
        middle[0] &= (byte) ~0x02;
        return Arrays.equals(middle, new byte[] {0, 0, 0x5e, (byte) 0xfe});
    }

    private static InetAddress parse(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }
}
