package io.keysweep.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/instances}: makes a server known to Keysweep.
 *
 * @param name what people call it, 1 to 64 characters
 * @param uri {@code redis://host[:port]} or {@code rediss://…}, with or without {@code user:password@}
 * @param username ACL user; overrides the one in the URI
 * @param password its password; overrides the one in the URI. Stored encrypted, never shown again
 */
public record InstanceRegistration(
        String name,
        String uri,
        @Nullable String username,
        @Nullable String password) {

    /** Never shows the password, nor the URI that may hold one. */
    @Override
    public String toString() {
        return "InstanceRegistration[name=" + name + "]";
    }
}
