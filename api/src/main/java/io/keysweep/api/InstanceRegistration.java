package io.keysweep.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes a Redis or Valkey deployment that the service must keep free of expired keys.
 *
 * <p>This is the body of {@code POST /api/v1/instances}, which registers the deployment as an instance, and of {@code
 * PATCH /api/v1/instances/{id}}, which changes an instance.
 *
 * <p>A {@code POST} requires {@code name} and {@code uri}. In a {@code PATCH}, a field that is left out keeps its
 * value, and null removes the value.
 *
 * @param name name of the instance, 1 to 64 characters
 * @param uri address of the deployment: {@code redis://host[:port]}, {@code redis-sentinel://host[:port],…#name} or
 *     {@code redis-cluster://host[:port],…}; {@code rediss} for TLS; with or without {@code user:password@}
 * @param username user of the access control list (ACL) of Redis; overrides the user in the URI
 * @param password password of the ACL user; overrides the password in the URI. It is stored encrypted and never shown
 *     again
 * @param sentinelUsername ACL user at the sentinels
 * @param sentinelPassword password of the user at the sentinels. It is stored encrypted and never shown again
 * @param nodeMap replacements for announced addresses that the service cannot reach: {@code announced=actual,…}. Each
 *     pair is {@code host:port=host:port}, {@code NODE_ID=host:port} or {@code host=host}; for example {@code
 *     10.0.0.1:6379=localhost:7001}
 * @param tlsCa PEM with the certificates of the trusted authorities; by default the authorities that Java trusts
 * @param tlsCertificate PEM with the client certificate for mutual TLS, followed by the certificates that signed it
 * @param tlsKey PEM with the private key of the client certificate (PKCS #8, unencrypted). It is stored encrypted and
 *     never shown again
 * @param tags labels, each a key with a value, such as {@code env} with {@code prod}; at most 20. In a {@code PATCH}, a
 *     key that is left out keeps its value, and null removes the key
 * @param assist whether scans may raise settings of the servers for a while, so that the servers themselves remove more
 *     expired keys (assist). If null, the project's ceilings (its limits for scans) decide. Without ceilings, assist is
 *     not allowed
 * @param id id that the new instance gets, for clients that have chosen one already: a UUID of 36 characters; if null,
 *     the service chooses the id. A {@code PATCH} must leave it out, because an id never changes
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
        @Nullable String tlsKey,
        @Nullable Map<String, String> tags,
        @Nullable Boolean assist,
        @Nullable String id) {

    /** Creates a registration without the fields that only Sentinel deployments, clusters and TLS need. */
    public static InstanceRegistration of(
            String name, String uri, @Nullable String username, @Nullable String password) {
        return new InstanceRegistration(
                name,
                uri,
                username,
                password,
                /* sentinelUsername= */ null,
                /* sentinelPassword= */ null,
                /* nodeMap= */ null,
                /* tlsCa= */ null,
                /* tlsCertificate= */ null,
                /* tlsKey= */ null,
                /* tags= */ null,
                /* assist= */ null,
                /* id= */ null);
    }

    /** Returns a text for logs: the name alone, because the other fields, even the URI, can contain secrets. */
    @Override
    public String toString() {
        return "InstanceRegistration[name=" + name + "]";
    }
}
