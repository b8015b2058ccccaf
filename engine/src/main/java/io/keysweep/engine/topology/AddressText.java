package io.keysweep.engine.topology;

import io.keysweep.engine.text.ForeignText;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * Parses the text form of a node's address, for example {@code 10.0.0.1:6379} or {@code [::1]:6379}.
 *
 * <p>It also knows which texts are hosts: names, IPv4 addresses and IPv6 addresses.
 */
final class AddressText {

    /** Stands for a missing default port: an address without a port is then an error. */
    static final int NO_DEFAULT_PORT = 0;

    private static final int MAX_PORT = 65_535;

    /** The longest host name that DNS allows, in characters. */
    private static final int MAX_HOST_LENGTH = 253;

    /**
     * Matches a host name: labels of at most 63 characters that neither begin nor end with a hyphen, with dots between
     * them. Underscores are not in the rules of DNS, but common in the names of containers.
     */
    private static final Pattern NAME =
            Pattern.compile("(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\\.?");

    /** Matches a name whose last label is a number, which some programs would read as an IPv4 address. */
    private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?(0[xX][0-9A-Fa-f]*|[0-9]+)\\.?");

    /**
     * Matches an IPv6 address up to the encoded percent sign before its zone. A zone that begins with a digit is left
     * as it is, since {@code %251} is also the interface with the number 251.
     */
    private static final Pattern ENCODED_ZONE = Pattern.compile("^(\\[[0-9A-Fa-f:.]+)%25(?=[A-Za-z])");

    private AddressText() {}

    /**
     * Parses an address. An IPv6 host must be in brackets.
     *
     * @param text the address
     * @param defaultPort the port to use if the text contains no port; or {@link #NO_DEFAULT_PORT}
     * @throws IllegalArgumentException if the text is not an address; the message names the part, its value and the
     *     rule
     */
    static NodeAddress parse(String text, int defaultPort) {
        return text.startsWith("[") ? parseBracketed(text, defaultPort) : parseUnbracketed(text, defaultPort);
    }

    /** Parses an IPv6 address in brackets, with or without a port. */
    private static NodeAddress parseBracketed(String text, int defaultPort) {
        int end = text.indexOf(']');
        // Without the closing bracket, the empty host is refused below.
        String host = end < 0 ? "" : text.substring(1, end);
        String afterHost = end < 0 ? "" : text.substring(end + 1);
        boolean isPortOrEnd = afterHost.isEmpty() || afterHost.startsWith(":");
        if (!isIpv6(host) || !isPortOrEnd) {
            throw new IllegalArgumentException("the host is '" + ForeignText.excerpt(text)
                    + "', must be an IPv6 address in brackets, for example [::1]:6379");
        }
        return address(host, afterHost.isEmpty() ? "" : afterHost.substring(1), defaultPort);
    }

    /** Parses a host name or an IPv4 address, with or without a port. */
    private static NodeAddress parseUnbracketed(String text, int defaultPort) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (!isHost(host)) {
            throw new IllegalArgumentException("the host is '" + ForeignText.excerpt(host)
                    + "', must be a name, an IPv4 address (four decimal numbers) or an IPv6 address in brackets");
        }
        return address(host, colon < 0 ? "" : text.substring(colon + 1), defaultPort);
    }

    /**
     * Returns the address of a host. An empty {@code portText} means the default port, or an error if there is none.
     */
    private static NodeAddress address(String host, String portText, int defaultPort) {
        boolean usesDefaultPort = portText.isEmpty() && defaultPort != NO_DEFAULT_PORT;
        return new NodeAddress(host, usesDefaultPort ? defaultPort : parsePort(portText));
    }

    /**
     * Parses an address in a URI with {@link #parse}; no message contains a part of a password. The zone of an IPv6
     * address, its network interface, may follow an encoded percent sign: {@code [fe80::1%25eth0]:6379}.
     */
    static NodeAddress parseInUri(String text, int defaultPort) {
        MisplacedPassword.refuseInAddress(text);
        return parse(ENCODED_ZONE.matcher(text).replaceFirst("$1%"), defaultPort);
    }

    /**
     * Returns whether a text is a host name, or an IP address in its usual spelling, without brackets. Other spellings
     * of IPv4 addresses, such as {@code 0x7f.1}, are not hosts: programs read them as different addresses.
     */
    static boolean isHost(String text) {
        if (text.length() > MAX_HOST_LENGTH) {
            return false;
        }
        return IpLiteral.parse(text) != null
                || (NAME.matcher(text).matches() && !NUMBER_AT_END.matcher(text).matches());
    }

    /** Returns whether a number is a TCP port to connect to. */
    static boolean isPort(long number) {
        return number >= 1 && number <= MAX_PORT;
    }

    /** Returns whether a text is an IPv6 address without brackets. */
    private static boolean isIpv6(String host) {
        InetAddress address = IpLiteral.parse(host);
        return address != null && host.indexOf(':') >= 0;
    }

    /** Returns the port that a text contains, 1 to 65535. */
    private static int parsePort(String text) {
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // 0 is outside the range, so the check below reports the text.
            port = 0;
        }
        if (!isPort(port)) {
            throw new IllegalArgumentException(
                    "the port is '" + ForeignText.excerpt(text) + "', must be a number from 1 to 65535");
        }
        return port;
    }
}
