package io.keysweep.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * What a connection authenticates with.
 *
 * @param username ACL user (Redis 6 and newer), or null for the default user
 * @param password its password, or null where the server asks for none
 */
public record Credentials(
        @Nullable String username, @Nullable String password) {

    /** No authentication. */
    public static final Credentials NONE = new Credentials(null, null);

    /** Never shows the password. */
    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=" + (password == null ? "none" : "***") + "]";
    }
}
