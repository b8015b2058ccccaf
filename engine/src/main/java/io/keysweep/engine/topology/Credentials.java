package io.keysweep.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * Holds the user and the password that a connection authenticates with.
 *
 * @param username ACL user (Redis 6 and newer), or null for the default user
 * @param password the user's password, or null if the server requires none
 */
public record Credentials(
        @Nullable String username, @Nullable String password) {

    /** No authentication. */
    public static final Credentials NONE = new Credentials(null, null);

    /** Returns the user name, and whether there is a password, but never the password itself. */
    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=" + (password == null ? "none" : "***") + "]";
    }
}
