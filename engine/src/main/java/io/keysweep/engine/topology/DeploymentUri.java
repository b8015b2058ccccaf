package io.keysweep.engine.topology;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses the URI by which a user names a {@link Deployment} (a server, a Sentinel deployment or a cluster).
 *
 * <p>The class also writes a deployment as a URI, without user and password. {@link UriCredentials} handles user and
 * password, and {@link AddressText} hosts and ports. The forms of a URI are:
 *
 * <ul>
 *   <li>{@code redis://[user[:password]@]host[:port][/0]}: one server
 *   <li>{@code unix://[user[:password]@]/path}: one server on a Unix socket
 *   <li>{@code redis-sentinel://[user[:password]@]host[:port],…#name}: the primary with that name; the hosts are
 *       sentinels
 *   <li>{@code redis-cluster://[user[:password]@]host[:port],…}: a cluster; the hosts are any of its nodes
 * </ul>
 *
 * <p>{@code rediss} instead of {@code redis} means TLS, also for the sentinels. The path {@code /0} may follow hosts,
 * because other clients write it; it has no effect, since a sweep covers all databases. The default port is 6379, for
 * sentinels 26379.
 *
 * <p>User, password, path and name are percent-encoded. An IPv6 host is written in brackets; the interface of a
 * link-local address is written after {@code %}, or after {@code %25} as in RFC 6874. User and password apply to the
 * servers, never to the sentinels.
 */
public final class DeploymentUri {

    private static final int DEFAULT_PORT = 6379;
    private static final int DEFAULT_SENTINEL_PORT = 26_379;

    private DeploymentUri() {}

    /**
     * Parses a URI, with the user and the password that it contains, if any.
     *
     * @param uri the URI, for example {@code redis://127.0.0.1:6379}
     * @throws IllegalArgumentException if the URI breaks a rule, as described at the method with more parameters
     */
    public static Deployment parse(String uri) {
        return parse(uri, Credentials.NONE, Credentials.NONE, NodeMap.NONE);
    }

    /**
     * Parses a URI.
     *
     * @param uri the URI, for example {@code redis://127.0.0.1:6379}
     * @param username the ACL user, which overrides the user in the URI; null for the user in the URI
     * @param password the password, which overrides the password in the URI; null for the password in the URI
     * @throws IllegalArgumentException if the URI breaks a rule; the message names the field, its value and the rule,
     *     and never contains a password
     */
    public static Deployment parse(String uri, @Nullable String username, @Nullable String password) {
        return parse(uri, new Credentials(username, password), Credentials.NONE, NodeMap.NONE);
    }

    /**
     * Parses a URI together with the settings that the user gives in addition to the URI.
     *
     * @param uri the URI, for example {@code redis-cluster://10.0.0.1,10.0.0.2}
     * @param override a user and a password; each that is not null replaces its counterpart in the URI
     * @param sentinel the credentials for the sentinels; {@link Credentials#NONE} for other deployments
     * @param nodeMap maps announced addresses to reachable ones; {@link NodeMap#NONE} for a single server
     * @throws IllegalArgumentException if the URI breaks a rule, or a setting is given that does not apply to this kind
     *     of deployment; the message names the field, its value and the rule, and never contains a password
     */
    public static Deployment parse(String uri, Credentials override, Credentials sentinel, NodeMap nodeMap) {
        if (uri.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the URI contains a line break or another control character, must be one"
                    + " line of printable characters");
        }
        int schemeEnd = uri.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : uri.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String restOfUri = schemeEnd < 0 ? uri : uri.substring(schemeEnd + 3);
        Tls tls = scheme.startsWith("rediss") ? Tls.DEFAULT : null;
        Deployment deployment = switch (scheme) {
            case "redis", "rediss" -> parseStandalone(restOfUri, tls, override);
            case "unix" -> parseUnixSocket(restOfUri, override);
            case "redis-sentinel", "rediss-sentinel" -> parseSentinel(restOfUri, tls, override, sentinel, nodeMap);
            case "redis-cluster", "rediss-cluster" -> parseCluster(restOfUri, tls, override, nodeMap);
            default ->
                throw new IllegalArgumentException(
                        "the scheme is " + (schemeEnd < 0 ? "missing" : MisplacedPassword.shownScheme(scheme))
                                + ", must be redis://, rediss://,"
                                + " unix://, redis-sentinel://, rediss-sentinel://, redis-cluster:// or"
                                + " rediss-cluster://, for example redis://127.0.0.1:6379");
        };
        refuseInapplicable(deployment, sentinel, nodeMap);
        return deployment;
    }

    /** Returns whether a URI has the scheme of a Sentinel deployment. The rest of the URI need not be valid. */
    public static boolean namesSentinels(String uri) {
        String lowerCase = uri.toLowerCase(Locale.ROOT);
        return lowerCase.startsWith("redis-sentinel://") || lowerCase.startsWith("rediss-sentinel://");
    }

    /**
     * Refuses settings that have no meaning for this kind of deployment, because a user who gives them expects an
     * effect.
     */
    private static void refuseInapplicable(Deployment deployment, Credentials sentinel, NodeMap nodeMap) {
        if (!(deployment instanceof Deployment.Sentinel) && !sentinel.equals(Credentials.NONE)) {
            throw new IllegalArgumentException(
                    "a user or password for sentinels is given, but the URI is not redis-sentinel://; leave them out");
        }
        if (deployment instanceof Deployment.Standalone && !nodeMap.equals(NodeMap.NONE)) {
            throw new IllegalArgumentException("the node map is '" + nodeMap
                    + "', but a single server needs none: Keysweep connects to the address in the URI");
        }
    }

    /**
     * Splits the part of a URI after {@code ://} into the user info and the location. The last @ separates the two,
     * because a password may contain an @ by mistake, but a location never does.
     *
     * @param userInfo the text before the @, for example {@code user:password}; null if there is no @
     * @param location the text after the @: hosts, ports and path
     */
    private record Parts(@Nullable String userInfo, String location) {

        static Parts of(String rest) {
            int atSign = rest.lastIndexOf('@');
            return new Parts(atSign < 0 ? null : rest.substring(0, atSign), rest.substring(atSign + 1));
        }

        /** Returns the location without its path, which must not name a database. */
        String hosts() {
            int slash = location.indexOf('/');
            checkPath(slash < 0 ? "" : location.substring(slash));
            return slash < 0 ? location : location.substring(0, slash);
        }
    }

    /** Parses the rest of a {@code redis://} URI, after the scheme; a null {@code tls} means plain text. */
    private static Deployment parseStandalone(String rest, @Nullable Tls tls, Credentials override) {
        Parts parts = Parts.of(rest);
        refuseSeveralServers(parts.hosts());
        NodeAddress address = AddressText.parseInUri(parts.hosts(), DEFAULT_PORT);
        return new Deployment.Standalone(
                address, new Access(UriCredentials.ofServers(parts.userInfo(), override), tls));
    }

    /**
     * Refuses several addresses where one is expected. The message names the schemes that accept several addresses, and
     * shows no address.
     */
    private static void refuseSeveralServers(String hosts) {
        boolean areAddresses = hosts.indexOf(',') >= 0
                && Arrays.stream(hosts.split(",", -1)).allMatch(host -> isAddress(host, DEFAULT_PORT));
        if (areAddresses) {
            throw new IllegalArgumentException("the URI names several servers, must name one with this scheme;"
                    + " redis-cluster://HOST,HOST names nodes of a cluster, and redis-sentinel://HOST,HOST#NAME"
                    + " sentinels. Servers that do not belong together have a URI each");
        }
    }

    private static boolean isAddress(String text, int defaultPort) {
        try {
            AddressText.parseInUri(text, defaultPort);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Deployment parseCluster(String rest, @Nullable Tls tls, Credentials override, NodeMap nodeMap) {
        Parts parts = Parts.of(rest);
        return new Deployment.Cluster(
                parseAddresses(parts.hosts(), DEFAULT_PORT),
                new Access(UriCredentials.ofServers(parts.userInfo(), override), tls),
                nodeMap);
    }

    private static Deployment parseSentinel(
            String rest, @Nullable Tls tls, Credentials override, Credentials sentinel, NodeMap nodeMap) {
        // The name itself is percent-encoded, so the last # begins it.
        int hash = rest.lastIndexOf('#');
        String encodedName = rest.substring(hash < 0 ? rest.length() : hash + 1);
        MisplacedPassword.refuseInName(encodedName);
        String name = UriText.decode("name", encodedName);
        if (name.isEmpty() || name.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
            throw new IllegalArgumentException("the name is "
                    + (name.isEmpty() ? "missing" : "not one word: it contains a blank or a control character")
                    + ", must be that of the primary at its sentinels, for example"
                    + " redis-sentinel://10.0.0.1,10.0.0.2,10.0.0.3#mymaster");
        }
        // The text contains a #: without one, the name would be missing, which was refused above.
        Parts parts = Parts.of(rest.substring(0, hash));
        return new Deployment.Sentinel(
                parseAddresses(parts.hosts(), DEFAULT_SENTINEL_PORT),
                name,
                new Access(UriCredentials.ofSentinels(sentinel), tls),
                new Access(UriCredentials.ofServers(parts.userInfo(), override), tls),
                nodeMap);
    }

    private static List<NodeAddress> parseAddresses(String hosts, int defaultPort) {
        return Arrays.stream(hosts.split(",", -1))
                .map(host -> AddressText.parseInUri(host, defaultPort))
                .distinct()
                .toList();
    }

    private static Deployment parseUnixSocket(String rest, Credentials override) {
        // A path may also contain an @, so the first "@/" ends the user info.
        int atSign = rest.startsWith("/") ? -1 : rest.indexOf("@/");
        String path = UriText.decode("path", rest.substring(atSign + 1));
        if (!path.startsWith("/") || path.endsWith("/") || path.chars().anyMatch(Character::isISOControl)) {
            // The path is not quoted, since a misplaced part of a password may be in it.
            throw new IllegalArgumentException(
                    "the path is not that of a socket: it must begin with a slash, not end with one and contain no"
                            + " control character, for example unix:///run/redis/redis.sock");
        }
        String userInfo = atSign < 0 ? null : rest.substring(0, atSign);
        return new Deployment.Standalone(
                NodeAddress.unix(path), new Access(UriCredentials.ofServers(userInfo, override), /* tls= */ null));
    }

    /**
     * Returns the URI of a deployment without user and password. {@link #parse} makes an equal deployment of it, apart
     * from credentials, node map and certificates.
     */
    public static String redacted(Deployment deployment) {
        String scheme = deployment.access().tls() != null ? "rediss" : "redis";
        return switch (deployment) {
            case Deployment.Standalone server ->
                server.address().isUnixSocket()
                        ? "unix://" + server.address().host().replace("%", "%25")
                        : scheme + "://" + server.address();
            case Deployment.Sentinel sentinel ->
                scheme + "-sentinel://" + joinAddresses(sentinel.sentinels()) + "#"
                        + UriText.encodeName(sentinel.primaryName());
            case Deployment.Cluster cluster -> scheme + "-cluster://" + joinAddresses(cluster.seeds());
        };
    }

    private static String joinAddresses(List<NodeAddress> addresses) {
        return addresses.stream().map(NodeAddress::toString).collect(Collectors.joining(","));
    }

    /**
     * Accepts an empty path and {@code /0}, and refuses any other path. Other clients write the database number there.
     */
    private static void checkPath(String path) {
        if (path.isEmpty() || path.equals("/") || path.equals("/0")) {
            return;
        }
        MisplacedPassword.refuseInPath(path);
        throw new IllegalArgumentException("the path is '" + path
                + "', must be empty: Keysweep sweeps all databases of a server, and cannot sweep only one");
    }
}
