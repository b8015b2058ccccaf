package io.keysweep.engine.topology;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses IP addresses in their usual spelling, such as {@code 10.0.0.1} and {@code fd00::1}, without a name service.
 *
 * <p>Other spellings of IPv4 addresses, such as {@code 2130706433}, {@code 0x7f.1} and {@code 0177.0.0.1}, are refused.
 * Programs read them as different addresses, so Keysweep could check one address and connect to another.
 */
public final class IpLiteral {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%[A-Za-z0-9._-]+)?");

    /** The largest number in an IPv4 address. */
    private static final int MAX_BYTE = 255;

    private IpLiteral() {}

    /**
     * Returns the address that a text spells, or null if the text is not an IP address. An IPv4 address that is written
     * as an IPv6 address, such as {@code ::ffff:10.0.0.1}, is returned as the IPv4 address. A zone, as in
     * {@code fe80::1%eth0}, is accepted and left out.
     */
    public static @Nullable InetAddress parse(String text) {
        Matcher ipv4 = IPV4.matcher(text);
        try {
            if (ipv4.matches()) {
                byte[] bytes = new byte[4];
                for (int i = 0; i < bytes.length; i++) {
                    String part = ipv4.group(i + 1);
                    // Some programs read a number with a leading zero as octal.
                    if (Integer.parseInt(part) > MAX_BYTE || (part.length() > 1 && part.charAt(0) == '0')) {
                        return null;
                    }
                    bytes[i] = (byte) Integer.parseInt(part);
                }
                return InetAddress.getByAddress(bytes);
            }
            Matcher ipv6 = IPV6.matcher(text);
            // The brackets keep Java from asking a name service.
            return ipv6.matches() ? InetAddress.getByName("[" + ipv6.group(1) + "]") : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
