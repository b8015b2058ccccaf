package io.keysweep.engine.topology;

import java.util.regex.Pattern;

/** Parses the text form of a node's address, for example {@code 10.0.0.1:6379} or {@code [::1]:6379}. */
final class AddressText {

    /** Makes an address without a port an error. */
    static final int NO_DEFAULT_PORT = 0;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");

    private AddressText() {}

    /**
     * Parses an address.
     *
     * @param text the address
     * @param defaultPort the port to use if the text contains no port; or {@link #NO_DEFAULT_PORT}
     * @throws IllegalArgumentException if the text is not an address; the message names the part, its value and the
     *     rule
     */
    static NodeAddress parse(String text, int defaultPort) {
        String host;
        String port;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            host = end < 0 ? "" : text.substring(1, end);
            port = end < 0 ? "" : text.substring(end + 1);
            if (!IPV6.matcher(host).matches() || !(port.isEmpty() || port.startsWith(":"))) {
                throw new IllegalArgumentException(
                        "host is \"" + text + "\", must be an IPv6 address in brackets, for example [::1]:6379");
            }
            port = port.isEmpty() ? "" : port.substring(1);
        } else {
            int colon = text.indexOf(':');
            host = colon < 0 ? text : text.substring(0, colon);
            port = colon < 0 ? "" : text.substring(colon + 1);
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "host is \"" + host + "\", must be a name, an IPv4 address or an IPv6 address in brackets");
            }
        }
        return new NodeAddress(host, port.isEmpty() && defaultPort != NO_DEFAULT_PORT ? defaultPort : port(port));
    }

    private static int port(String text) {
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // 0 is outside the range, so the check below reports the text.
            port = 0;
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is \"" + text + "\", must be a number from 1 to 65535");
        }
        return port;
    }
}
