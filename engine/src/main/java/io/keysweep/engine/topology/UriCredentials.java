package io.keysweep.engine.topology;

import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;

/**
 * Determines and checks the credentials of a deployment, from its URI and the user and password given beside it.
 *
 * <p>All methods throw {@link IllegalArgumentException} if user or password cannot be used. The message names the field
 * and the rule, and never contains a password.
 */
final class UriCredentials {

    private UriCredentials() {}

    /**
     * Returns the credentials for the servers: user and password of the URI, unless {@code override} contains another
     * one.
     *
     * @param userInfo the part of the URI before the @, for example {@code user:password}; null if there is none
     * @param override a user and a password; each that is not null replaces its counterpart in the URI
     */
    static Credentials ofServers(@Nullable String userInfo, Credentials override) {
        Credentials inUri = userInfo == null ? Credentials.NONE : parse(userInfo);
        return requireComplete(
                /* fieldPrefix= */ "",
                new Credentials(
                        override.username() == null ? inUri.username() : override.username(),
                        override.password() == null ? inUri.password() : override.password()));
    }

    /** Checks and returns the credentials for the sentinels; a URI never contains them. */
    static Credentials ofSentinels(Credentials credentials) {
        return requireComplete(/* fieldPrefix= */ "sentinel ", credentials);
    }

    /**
     * Returns the credentials if they can be used. A user needs a password; a password alone belongs to the default
     * user.
     *
     * @param fieldPrefix begins the names of the fields in messages: {@code "sentinel "}, or empty for the servers
     */
    private static Credentials requireComplete(String fieldPrefix, Credentials credentials) {
        String user = credentials.username();
        if (user != null && user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the " + fieldPrefix + "user is '" + ForeignText.excerpt(user)
                    + "', must not contain a control character");
        }
        if (user != null && credentials.password() == null) {
            throw new IllegalArgumentException(
                    "the " + fieldPrefix + "user '" + user + "' is given without a password; give both, or neither");
        }
        return credentials;
    }

    /** Returns the credentials in the part of a URI before the @. */
    private static Credentials parse(String userInfo) {
        int colon = userInfo.indexOf(':');
        // As in redis-cli, a lone text before the @ is the password; it is a user only if a password follows.
        String user = colon < 0 ? "" : userInfo.substring(0, colon);
        String password = colon < 0 ? userInfo : userInfo.substring(colon + 1);
        return new Credentials(
                user.isEmpty() ? null : UriText.decodeLine("user", user),
                password.isEmpty() ? null : UriText.decodeLine("password", password));
    }
}
