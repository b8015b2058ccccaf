package io.keysweep.server.iam;

import io.keysweep.server.error.RequestRefusedException;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the caller that a signature, a token, a session or a sign-in identifies.
 *
 * <p>Each call reads the database, so every change has effect immediately: a key that is withdrawn, disabled or
 * expired, a disabled user, and changed rights.
 *
 * <p>Tokens and sessions contain a <em>subject</em>. The subject of an access key is its id. The subject of a user is
 * {@value #CREDENTIAL_PREFIX} followed by the user's credential: a random text that is replaced when the password
 * changes or the user is disabled. Thread-safe.
 */
public interface CallerLookup {

    /** The prefix of subjects of users. Ids of access keys have no lower-case letters, so none begins with it. */
    String CREDENTIAL_PREFIX = "u-";

    /** Returns whether a subject identifies a user. */
    static boolean isUser(String subject) {
        return subject.startsWith(CREDENTIAL_PREFIX);
    }

    /**
     * Finds the access key or user with an id or name, and records that it was used now.
     *
     * @return empty if there is no such access key or user, or if it is disabled or has expired
     */
    Optional<Caller> find(String principal);

    /**
     * Finds the access key or user with an id or name. Unlike {@link #find}, this method does not record a use. It is
     * for work in the name of a caller who makes no request now.
     */
    Optional<Caller> findAbsent(String principal);

    /**
     * Finds the caller of a running request again, with its current rights.
     *
     * @return empty if the caller was removed or disabled or has expired since, or if the user's password has changed
     */
    Optional<Caller> findCurrent(Caller caller);

    /**
     * Finds the caller with the subject of a token or session, and records the use.
     *
     * @return empty if the caller was removed or disabled or has expired, or if the user's password has changed
     */
    Optional<Caller> findSubject(String subject);

    /**
     * Returns the caller of a request whose signature or token the service has verified, and records the use.
     *
     * @param subject access key id, or the subject of a token
     * @throws RequestRefusedException if the key does not exist, is disabled or has expired, or if the user is disabled
     *     or has another password now; the message says which
     */
    Caller require(String subject);

    /**
     * Returns the given subjects whose callers can still make requests. The service ends long responses, such as event
     * streams, of all other callers.
     *
     * <p>People of an OpenID Connect issuer are always in the result, because the service does not store them. Their
     * responses end when their token expires.
     */
    Set<String> usable(Set<String> subjects);

    /**
     * Finds the caller with an access key id and its secret key, or with a user's name and password. How long the call
     * takes reveals neither how much of a secret is right, nor whether a user exists.
     *
     * @return empty if the name or the secret is wrong
     * @throws RequestRefusedException if the secret is right, but the access key or the user is disabled or has expired
     */
    Optional<Caller> authenticate(String principal, String secret);
}
