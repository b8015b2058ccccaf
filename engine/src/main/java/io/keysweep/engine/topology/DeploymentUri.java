package io.keysweep.engine.topology;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a deployment.
 *
 * <ul>
 *   <li>{@code redis://[user[:password]@]host[:port][/0]}: one server
 *   <li>{@code unix://[user[:password]@]/path}: one server, by a Unix socket
 *   <li>{@code redis-sentinel://[user[:password]@]host[:port],…#name}: the primary of that name; the hosts are sentinels
 *   <li>{@code redis-cluster://[user[:password]@]host[:port],…}: a cluster; the hosts are any of its nodes
 * </ul>
 *
 * <p>{@code rediss} instead of {@code redis} is TLS, sentinels included. The port defaults to 6379, that of a sentinel to
 * 26379; user, password, path and name are percent-encoded; an IPv6 host stands in brackets. User and password are those
 * of the servers, never those of the sentinels.
 */
public final class DeploymentUri {

    private static final int DEFAULT_PORT = 6379;
    private static final int DEFAULT_SENTINEL_PORT = 26_379;

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
        return parse(uri, new Credentials(username, password), Credentials.NONE, NodeMap.NONE);
    }

    /**
     * Reads a URI and what is given beside it.
     *
     * @param given what wins over user and password in the URI, each unless null
     * @param sentinel what the sentinels ask for
     * @param nodeMap where nodes are reached that announce another address
     * @throws IllegalArgumentException if the URI breaks a rule, or something is given that such a deployment has no
     *     use for; names the field, its value and the rule, and never shows a password
     */
    public static Deployment parse(String uri, Credentials given, Credentials sentinel, NodeMap nodeMap) {
        int schemeEnd = uri.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : uri.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String rest = uri.substring(Math.max(0, schemeEnd + 3));
        Tls tls = scheme.startsWith("rediss") ? Tls.DEFAULT : null;
        Deployment deployment = switch (scheme) {
            case "redis", "rediss" -> tcp(rest, tls, given);
            case "unix" -> unix(rest, given);
            case "redis-sentinel", "rediss-sentinel" -> sentinel(rest, tls, given, sentinel, nodeMap);
            case "redis-cluster", "rediss-cluster" -> cluster(rest, tls, given, nodeMap);
            default ->
                throw new IllegalArgumentException("scheme is \"" + scheme + "\", must be redis://, rediss://,"
                        + " unix://, redis-sentinel://, rediss-sentinel://, redis-cluster:// or"
                        + " rediss-cluster://, for example redis://127.0.0.1:6379");
        };
        refuseUseless(deployment, sentinel, nodeMap);
        return deployment;
    }

    private static void refuseUseless(Deployment deployment, Credentials sentinel, NodeMap nodeMap) {
        if (!(deployment instanceof Deployment.Sentinel) && !sentinel.equals(Credentials.NONE)) {
            throw new IllegalArgumentException(
                    "sentinel user or password is given, must be left out unless the URI is redis-sentinel://");
        }
        if (deployment instanceof Deployment.Standalone && !nodeMap.equals(NodeMap.NONE)) {
            throw new IllegalArgumentException("node map is \"" + nodeMap
                    + "\", must be left out for one server, which is reached where the URI says");
        }
    }

    /** User info and what follows it. The last @ parts them: neither a host nor what follows may hold one. */
    private record Parts(@Nullable String userInfo, String location) {

        static Parts of(String rest) {
            int at = rest.lastIndexOf('@');
            return new Parts(at < 0 ? null : rest.substring(0, at), rest.substring(at + 1));
        }

        /** Without the path, which must name no database. */
        String hosts() {
            int slash = location.indexOf('/');
            checkPath(slash < 0 ? "" : location.substring(slash));
            return slash < 0 ? location : location.substring(0, slash);
        }
    }

    private static Deployment tcp(String rest, @Nullable Tls tls, Credentials given) {
        Parts parts = Parts.of(rest);
        NodeAddress address = AddressText.parse(parts.hosts(), DEFAULT_PORT);
        return new Deployment.Standalone(address, new Access(credentials(parts.userInfo(), given), tls));
    }

    private static Deployment cluster(String rest, @Nullable Tls tls, Credentials given, NodeMap nodeMap) {
        Parts parts = Parts.of(rest);
        return new Deployment.Cluster(
                addresses(parts.hosts(), DEFAULT_PORT), new Access(credentials(parts.userInfo(), given), tls), nodeMap);
    }

    private static Deployment sentinel(
            String rest, @Nullable Tls tls, Credentials given, Credentials sentinel, NodeMap nodeMap) {
        int hash = rest.lastIndexOf('#');
        String name = hash < 0 ? "" : decode("name", rest.substring(hash + 1));
        if (name.isEmpty() || name.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
            throw new IllegalArgumentException(
                    "name is \"" + name + "\", must be that of the primary at its sentinels, for example"
                            + " redis-sentinel://10.0.0.1,10.0.0.2,10.0.0.3#mymaster");
        }
        Parts parts = Parts.of(rest.substring(0, hash));
        return new Deployment.Sentinel(
                addresses(parts.hosts(), DEFAULT_SENTINEL_PORT),
                name,
                new Access(checked("sentinel ", sentinel), tls),
                new Access(credentials(parts.userInfo(), given), tls),
                nodeMap);
    }

    private static List<NodeAddress> addresses(String hosts, int defaultPort) {
        return Arrays.stream(hosts.split(",", -1))
                .map(host -> AddressText.parse(host, defaultPort))
                .distinct()
                .toList();
    }

    private static Deployment unix(String rest, Credentials given) {
        // A path may hold an @ too, so it is the first slash after one that begins it.
        int at = rest.startsWith("/") ? -1 : rest.indexOf("@/");
        String path = decode("path", rest.substring(at + 1));
        if (!path.startsWith("/") || path.endsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    (path.startsWith("/") ? "path is \"" + path + "\"" : "path is not absolute")
                            + ", must be that of a socket, for example unix:///run/redis/redis.sock");
        }
        String userInfo = at < 0 ? null : rest.substring(0, at);
        return new Deployment.Standalone(NodeAddress.unix(path), new Access(credentials(userInfo, given), null));
    }

    private static Credentials credentials(@Nullable String userInfo, Credentials given) {
        Credentials inUri = userInfo == null ? Credentials.NONE : userInfo(userInfo);
        return checked(
                "",
                new Credentials(
                        given.username() == null ? inUri.username() : given.username(),
                        given.password() == null ? inUri.password() : given.password()));
    }

    private static Credentials checked(String whose, Credentials credentials) {
        if (credentials.username() != null && credentials.password() == null) {
            throw new IllegalArgumentException(whose + "password is missing, must be given together with " + whose
                    + "user \"" + credentials.username() + "\"");
        }
        return credentials;
    }

    /** The URI of a deployment without user and password. */
    public static String redacted(Deployment deployment) {
        String scheme = deployment.access().tls() != null ? "rediss" : "redis";
        return switch (deployment) {
            case Deployment.Standalone server ->
                server.address().isUnixSocket()
                        ? "unix://" + server.address().host().replace("%", "%25")
                        : scheme + "://" + server.address();
            case Deployment.Sentinel sentinel ->
                scheme + "-sentinel://" + joined(sentinel.sentinels()) + "#" + encoded(sentinel.primaryName());
            case Deployment.Cluster cluster -> scheme + "-cluster://" + joined(cluster.seeds());
        };
    }

    private static String joined(List<NodeAddress> addresses) {
        return addresses.stream().map(NodeAddress::toString).collect(Collectors.joining(","));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static void checkPath(String path) {
        if (path.isEmpty() || path.equals("/") || path.equals("/0")) {
            return;
        }
        throw new IllegalArgumentException(
                "path is \"" + path + "\", must be empty: all databases of a server are swept, one cannot be picked");
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
