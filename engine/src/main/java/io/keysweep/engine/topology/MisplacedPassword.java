package io.keysweep.engine.topology;

import io.keysweep.engine.text.ForeignText;
import java.util.regex.Pattern;

/**
 * Refuses wrong parts of a URI without quoting them in the message, since a misplaced password may be in them.
 *
 * <p>A forgotten @, or an unencoded character, moves a password to where a host, a port or a path is expected. Example:
 * in {@code redis://app:secret} the password takes the place of the port. A text passes only if it has no character
 * that is wrong at its place; later checks may then quote it.
 *
 * <p>A password alone, such as {@code secret} in {@code redis://secret}, is not refused, because the text is a valid
 * host name: hosts in containers have such short names.
 */
final class MisplacedPassword {

    /** The end of each message, after the description of the problem. */
    private static final String HINT =
            "; it is not shown, since it may be a part of a password: end user and password with an"
                    + " @, and write %, @, /, ? and # in them as %25, %40, %2F, %3F and %23";

    /** Matches the characters that a scheme can have. */
    private static final Pattern SCHEME = Pattern.compile("[a-z0-9.+-]*");

    /** Matches the characters that a host can have, so that a mistyped host also matches. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]*");

    /** Matches an IPv6 address in brackets with or without a zone; a mistyped one also matches. */
    private static final Pattern BRACKETED_HOST = Pattern.compile("\\[[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]*)?]?");

    /** Matches a port; a port that is out of range also matches. */
    private static final Pattern PORT = Pattern.compile("[0-9]{0,5}");

    /** Matches the number of a database. */
    private static final Pattern DATABASE = Pattern.compile("/[0-9]{0,5}");

    private MisplacedPassword() {}

    /** Returns a scheme in quotes, or "not valid" if a misplaced password may be in front of the {@code ://}. */
    static String shownScheme(String scheme) {
        return SCHEME.matcher(scheme).matches() ? "'" + ForeignText.excerpt(scheme) + "'" : "not valid";
    }

    /** Refuses the name of a primary that contains an @, since its # may then be a character of the password. */
    static void refuseInName(String encodedName) {
        if (encodedName.indexOf('@') >= 0) {
            throw new IllegalArgumentException("the name is not valid: it contains an @" + HINT);
        }
    }

    /**
     * Refuses an address whose host or port may be a password.
     *
     * @param address the text of one address, for example {@code 10.0.0.1:6379}
     * @throws IllegalArgumentException if the text must not be quoted; the message names the field and the rule
     */
    static void refuseInAddress(String address) {
        int bracket = address.startsWith("[") ? address.indexOf(']') : -1;
        int colon = address.startsWith("[") && bracket < 0 ? -1 : address.indexOf(':', bracket + 1);
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        // A text without a host, such as ::1, is an IPv6 address without brackets; later checks do not quote it.
        if (!host.isEmpty() && !PORT.matcher(port).matches()) {
            throw new IllegalArgumentException("the port is not a number from 1 to 65535" + HINT);
        }
        if (!(host.startsWith("[") ? BRACKETED_HOST : HOST).matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "the host is not a name, an IPv4 address or an IPv6 address in brackets" + HINT);
        }
    }

    /** Refuses a path that is not the number of a database, for example {@code /ret}. */
    static void refuseInPath(String path) {
        if (!DATABASE.matcher(path).matches()) {
            throw new IllegalArgumentException("the path is neither empty nor /0" + HINT);
        }
    }
}
