package io.keysweep.server.iam;

import java.util.List;

/**
 * Identifies a person whom an OpenID Connect issuer has authenticated.
 *
 * @param name name of the person at the issuer, 1 to {@value #MAX_NAME} printable characters
 * @param values values of the claim that decides about the rights, only those that {@code oidc.roles} names
 */
public record OidcPerson(String name, List<String> values) {

    /** Stands before the name wherever the service says who did something; no user or key has a colon. */
    public static final String PREFIX = "oidc:";

    /** The longest name: columns for callers have 64 characters. */
    public static final int MAX_NAME = 59;

    public OidcPerson {
        values = List.copyOf(values);
    }

    /** Returns the person as the service names it, such as {@code oidc:alice}. */
    public String principal() {
        return PREFIX + name;
    }

    /** Returns whether an id of a caller names such a person. */
    public static boolean isPerson(String principal) {
        return principal.startsWith(PREFIX);
    }
}
