package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Holds the request body of {@code POST /api/v1/instances}, which registers an instance.
 *
 * <p>In {@code PATCH /api/v1/instances/{id}}, a field that is left out stays as it is, and null removes its value.
 *
 * @param name name of the instance, 1 to 64 characters
 * @param uri {@code redis://host[:port]}, {@code redis-sentinel://host[:port],…#name} or {@code
 *     redis-cluster://host[:port],…}; {@code rediss} for TLS; with or without {@code user:password@}
 * @param username ACL user; overrides the one in the URI
 * @param password password of the ACL user; overrides the one in the URI. Stored encrypted, never shown again
 * @param sentinelUsername ACL user at the sentinels
 * @param sentinelPassword password of the user at the sentinels. Stored encrypted, never shown again
 * @param nodeMap addresses of nodes that announce unreachable addresses: {@code announced=actual,…}, each {@code
 *     host:port}
 * @param tlsCa PEM with the certificates of the trusted authorities; default are the authorities that Java trusts
 * @param tlsCertificate PEM with the client certificate for mutual TLS, followed by the certificates that signed it
 * @param tlsKey PEM with the private key of the client certificate (PKCS #8, unencrypted). Stored encrypted, never
 *     shown again
 */
public record InstanceRegistration(
        @Nullable String name,
        @Nullable String uri,
        @Nullable String username,
        @Nullable String password,
        @Nullable String sentinelUsername,
        @Nullable String sentinelPassword,
        @Nullable String nodeMap,
        @Nullable String tlsCa,
        @Nullable String tlsCertificate,
        @Nullable String tlsKey) {

    /** Creates a registration without the fields that only Sentinel deployments, clusters and TLS need. */
    public static InstanceRegistration of(
            String name, String uri, @Nullable String username, @Nullable String password) {
        return new InstanceRegistration(name, uri, username, password, null, null, null, null, null, null);
    }

    /** Returns a text without secrets and without the URI, which may hold one. */
    @Override
    public String toString() {
        return "InstanceRegistration[name=" + name + "]";
    }
}
