package io.keysweep.engine.topology;

import org.jspecify.annotations.Nullable;

/**
 * Holds the user and the password that a connection sends to a server or sentinel with AUTH.
 *
 * @param username the ACL user (Redis 6 and newer), or null for the user {@code default}; not used without a password
 * @param password the user's password, or null if the server requires no password, so that AUTH is not sent
 */
public record Credentials(
        @Nullable String username, @Nullable String password) {

    /** The credentials without a user and a password, with which a connection sends no AUTH. */
    public static final Credentials NONE = new Credentials(/* username= */ null, /* password= */ null);

    /** Returns the user name, and whether there is a password, but never the password itself. */
    @Override
    public String toString() {
        return "Credentials[username=" + username + ", password=" + (password == null ? "none" : "***") + "]";
    }
}
