package io.keysweep.engine.egress;

import io.keysweep.engine.text.ForeignText;
import io.keysweep.engine.topology.IpLiteral;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes the IP addresses that begin with the same bits, such as {@code 10.0.0.0/8} or {@code fe80::/10}.
 *
 * <p>Two networks are equal only if they are written with the same address: {@code 10.0.0.1/8} contains the same
 * addresses as {@code 10.0.0.0/8}, but is not equal to it.
 *
 * @param address any address of the network
 * @param prefixLength the number of bits that all addresses of the network have in common
 */
public record IpNetwork(InetAddress address, int prefixLength) {

    /** Matches an address with or without a prefix length. */
    private static final Pattern NETWORK = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(\\d{1,3}))?");

    public IpNetwork {
        if (prefixLength < 0 || prefixLength > bits(address)) {
            throw new IllegalArgumentException("network is '" + address.getHostAddress() + "/" + prefixLength
                    + "', must have a prefix length from 0 to " + bits(address));
        }
    }

    /**
     * Parses a network, such as {@code 10.0.0.0/8}, or one address, which becomes a network of this address alone.
     *
     * @throws IllegalArgumentException if the text is neither, or its prefix length is too large; the message contains
     *     the text and the rule
     */
    public static IpNetwork parse(String text) {
        Matcher matcher = NETWORK.matcher(text);
        InetAddress address = matcher.matches() ? IpLiteral.parse(matcher.group(1)) : null;
        if (address == null) {
            throw new IllegalArgumentException("network is '" + ForeignText.excerpt(text)
                    + "', must be an IP network or address, for example 10.0.0.0/8 or fd00::1");
        }
        String prefix = matcher.group(2);
        return new IpNetwork(address, prefix == null ? bits(address) : Integer.parseInt(prefix));
    }

    /**
     * Parses networks that are separated by commas, see {@link #parse}; a blank text is an empty list.
     *
     * @throws IllegalArgumentException if one of them is not a network
     */
    public static List<IpNetwork> parseList(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .map(IpNetwork::parse)
                        .toList();
    }

    /** Returns whether the network contains an address. An IPv4 network contains no IPv6 address. */
    public boolean contains(InetAddress other) {
        byte[] networkBytes = address.getAddress();
        byte[] otherBytes = other.getAddress();
        if (networkBytes.length != otherBytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((networkBytes[bit / Byte.SIZE] ^ otherBytes[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of bits of an address: 32 for IPv4, 128 for IPv6. */
    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    /** Returns the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
