package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/instances}: makes a server known to Keysweep. In {@code PATCH /api/v1/instances/{id}} what is
 * left out stays as it is, and what is null is taken away.
 *
 * @param name what people call it, 1 to 64 characters
 * @param uri {@code redis://host[:port]}, {@code redis-sentinel://host[:port],…#name} or {@code
 *     redis-cluster://host[:port],…}; {@code rediss} for TLS; with or without {@code user:password@}
 * @param username ACL user; overrides the one in the URI
 * @param password its password; overrides the one in the URI. Stored encrypted, never shown again
 * @param sentinelUsername ACL user at the sentinels
 * @param sentinelPassword its password
 * @param nodeMap where nodes are reached that announce another address: {@code announced=actual,…}, each {@code
 *     host:port}
 * @param tlsCa PEM with the certificates that the server's must go back to; default those that Java trusts
 * @param tlsCertificate PEM with our own certificate and then those that signed it, for mutual TLS
 * @param tlsKey PEM with its private key (PKCS #8, unencrypted). Stored encrypted, never shown again
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

    /** Without what only Sentinel deployments, clusters and TLS need. */
    public static InstanceRegistration of(
            String name, String uri, @Nullable String username, @Nullable String password) {
        return new InstanceRegistration(name, uri, username, password, null, null, null, null, null, null);
    }

    /** Never shows a secret, nor the URI that may hold one. */
    @Override
    public String toString() {
        return "InstanceRegistration[name=" + name + "]";
    }
}
