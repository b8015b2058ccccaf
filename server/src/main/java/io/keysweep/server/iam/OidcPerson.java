package io.keysweep.server.iam;

import java.util.List;

/**
 * Identifies a person whom an OpenID Connect issuer has authenticated.
 *
 * @param name name of the person at the issuer, 1 to {@value #MAX_NAME} printable characters
 * @param values values that the issuer has sent in the claim for the rights, such as groups; only values that the
 *     setting {@code oidc.roles} names
 */
public record OidcPerson(String name, List<String> values) {

    /** The prefix of the name in the audit log and elsewhere. Names of users and ids of access keys have no colon. */
    public static final String PREFIX = "oidc:";

    /** The maximum length of a name: with the prefix, it must fit the columns for callers, which have 64 characters. */
    public static final int MAX_NAME = 59;

    public OidcPerson {
        values = List.copyOf(values);
    }

    /** Returns the name with the prefix, such as {@code oidc:alice}. */
    public String principal() {
        return PREFIX + name;
    }

    /** Returns whether an id of a caller has the prefix, and so names a person of an issuer. */
    public static boolean isPerson(String principal) {
        return principal.startsWith(PREFIX);
    }
}
