package io.keysweep.server.iam;

import io.keysweep.server.error.RequestRefusedException;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the caller that an access key or a user identifies, for every authentication: signature, token, session and
 * sign-in.
 *
 * <p>Each call reads the database, so a key that is withdrawn, disabled or expired is refused at once, as is a disabled
 * user, and a change of rights has effect at once. Tokens and sessions name a <em>subject</em>: the access key, or the
 * present credential of a user after {@value #CREDENTIAL_PREFIX}. Safe for use by several threads.
 */
public interface CallerLookup {

    /** Stands before the credential of a user in a subject; no access key has small letters. */
    String CREDENTIAL_PREFIX = "u-";

    /** Returns whether a subject is that of a user. */
    static boolean isUser(String subject) {
        return subject.startsWith(CREDENTIAL_PREFIX);
    }

    /** Finds the caller with an access key id or a user's name, with its rights; empty if it cannot call. */
    Optional<Caller> find(String principal);

    /** Finds a caller as {@link #find} does, whose request another caller continues. It counts as no use. */
    Optional<Caller> findAbsent(String principal);

    /**
     * Finds the caller of a request again, with its present rights; empty if it cannot call any more. A user with another
     * password since is empty, too.
     */
    Optional<Caller> present(Caller caller);

    /** Finds the caller that a token or session names by its subject; empty if it cannot call any more. */
    Optional<Caller> findSubject(String subject);

    /**
     * Returns the caller that a signature or a token names, which the service has verified.
     *
     * @param subject access key id, or the subject of a token
     * @throws RequestRefusedException if the key does not exist, is disabled or has expired, or if the user has another
     *     password since or is disabled; the message says which
     */
    Caller require(String subject);

    /**
     * Returns those of some subjects whose callers can call. Requests that last end without their caller. People of an
     * OpenID Connect issuer are always among them, because only their token says when they can call no more.
     */
    Set<String> usable(Set<String> subjects);

    /**
     * Finds the caller with an access key and its secret key, or with a user's name and password. The duration does not
     * depend on how much of a secret is right, nor on whether a user exists.
     *
     * @return empty if the name or the secret is wrong
     * @throws RequestRefusedException if the secret is right, but the access key or the user cannot call
     */
    Optional<Caller> authenticate(String principal, String secret);
}
