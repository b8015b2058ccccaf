package io.keysweep.engine.topology;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a deployment: {@code redis://[user[:password]@]host[:port][/0]}, {@code rediss://} for TLS, or
 * {@code unix://[user[:password]@]/path} for a Unix socket. The port defaults to 6379; user, password and path are
 * percent-encoded; an IPv6 host stands in brackets.
 */
public final class DeploymentUri {

    private static final int DEFAULT_PORT = 6379;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");

    private DeploymentUri() {}

    /**
     * Reads a URI.
     *
     * @param username ACL user; wins over the one in the URI unless null
     * @param password password; wins over the one in the URI unless null
     * @throws IllegalArgumentException if the URI breaks a rule; names the field, its value and the rule, and never
     *     shows a password
     */
    public static Deployment parse(String uri, @Nullable String username, @Nullable String password) {
        int schemeEnd = uri.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : uri.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String rest = uri.substring(Math.max(0, schemeEnd + 3));
        return switch (scheme) {
            case "redis" -> tcp(rest, null, username, password);
            case "rediss" -> tcp(rest, Tls.DEFAULT, username, password);
            case "unix" -> unix(rest, username, password);
            default ->
                throw new IllegalArgumentException("scheme is \"" + scheme
                        + "\", must be redis://, rediss:// or unix://, for example redis://127.0.0.1:6379");
        };
    }

    private static Deployment tcp(
            String rest, @Nullable Tls tls, @Nullable String username, @Nullable String password) {
        // The last @ parts user info from host: neither a host nor the path may hold one.
        int at = rest.lastIndexOf('@');
        String location = rest.substring(at + 1);
        int slash = location.indexOf('/');
        checkPath(slash < 0 ? "" : location.substring(slash));
        NodeAddress address = address(slash < 0 ? location : location.substring(0, slash));
        String userInfo = at < 0 ? null : rest.substring(0, at);
        return new Deployment.Standalone(address, new Access(credentials(userInfo, username, password), tls));
    }

    private static Deployment unix(String rest, @Nullable String username, @Nullable String password) {
        // A path may hold an @ too, so it is the first slash after one that begins it.
        int at = rest.startsWith("/") ? -1 : rest.indexOf("@/");
        String path = decode("path", rest.substring(at + 1));
        if (!path.startsWith("/") || path.endsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    (path.startsWith("/") ? "path is \"" + path + "\"" : "path is not absolute")
                            + ", must be that of a socket, for example unix:///run/redis/redis.sock");
        }
        String userInfo = at < 0 ? null : rest.substring(0, at);
        return new Deployment.Standalone(
                NodeAddress.unix(path), new Access(credentials(userInfo, username, password), null));
    }

    private static Credentials credentials(
            @Nullable String userInfo, @Nullable String username, @Nullable String password) {
        Credentials inUri = userInfo == null ? Credentials.NONE : userInfo(userInfo);
        Credentials credentials = new Credentials(
                username == null ? inUri.username() : username, password == null ? inUri.password() : password);
        if (credentials.username() != null && credentials.password() == null) {
            throw new IllegalArgumentException(
                    "password is missing, must be given together with user \"" + credentials.username() + "\"");
        }
        return credentials;
    }

    /** The URI of a deployment without user and password. */
    public static String redacted(Deployment deployment) {
        return switch (deployment) {
            case Deployment.Standalone standalone -> redacted(standalone);
        };
    }

    private static String redacted(Deployment.Standalone standalone) {
        NodeAddress address = standalone.address();
        if (address.isUnixSocket()) {
            return "unix://" + address.host().replace("%", "%25");
        }
        return (standalone.access().tls() != null ? "rediss://" : "redis://") + address;
    }

    private static void checkPath(String path) {
        if (path.isEmpty() || path.equals("/") || path.equals("/0")) {
            return;
        }
        throw new IllegalArgumentException(
                "path is \"" + path + "\", must be empty: all databases of a server are swept, one cannot be picked");
    }

    private static NodeAddress address(String location) {
        String host;
        String port;
        if (location.startsWith("[")) {
            int end = location.indexOf(']');
            host = end < 0 ? "" : location.substring(1, end);
            port = end < 0 ? "" : location.substring(end + 1);
            if (!IPV6.matcher(host).matches() || !(port.isEmpty() || port.startsWith(":"))) {
                throw new IllegalArgumentException(
                        "host is \"" + location + "\", must be an IPv6 address in brackets, for example [::1]:6379");
            }
            port = port.isEmpty() ? "" : port.substring(1);
        } else {
            int colon = location.indexOf(':');
            host = colon < 0 ? location : location.substring(0, colon);
            port = colon < 0 ? "" : location.substring(colon + 1);
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "host is \"" + host + "\", must be a name, an IPv4 address or an IPv6 address in brackets");
            }
        }
        return new NodeAddress(host, port.isEmpty() ? DEFAULT_PORT : port(port));
    }

    private static int port(String text) {
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            port = 0;
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port is \"" + text + "\", must be a number from 1 to 65535");
        }
        return port;
    }

    private static Credentials userInfo(String text) {
        int colon = text.indexOf(':');
        // As redis-cli has it, what stands alone before the @ is a user only if a password follows.
        String user = colon < 0 ? "" : text.substring(0, colon);
        String password = colon < 0 ? text : text.substring(colon + 1);
        return new Credentials(
                user.isEmpty() ? null : decode("user", user), password.isEmpty() ? null : decode("password", password));
    }

    private static String decode(String field, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 4);
        try {
            for (int i = 0; i < text.length(); ) {
                if (text.charAt(i) == '%') {
                    bytes.put((byte) Integer.parseInt(text, i + 1, i + 3, 16));
                    i += 3;
                } else {
                    int codePoint = text.codePointAt(i);
                    bytes.put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
                    i += Character.charCount(codePoint);
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (IndexOutOfBoundsException | NumberFormatException | CharacterCodingException e) {
            // Not the cause: its message may hold a part of the password.
            throw new IllegalArgumentException(
                    field + " is not percent-encoded UTF-8, must be: a % is written as %25, an @ as %40");
        }
    }
}
