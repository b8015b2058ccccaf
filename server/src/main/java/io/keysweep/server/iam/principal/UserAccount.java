package io.keysweep.server.iam.principal;

import io.keysweep.api.UserView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Describes a user, a person who signs in with a password. {@link UserStore} stores the users.
 *
 * @param name name, unique in the service
 * @param projectId id of the project that the user acts for
 * @param passwordHash salted hash of the password
 * @param credential random text by which the user's tokens and sessions identify the user; a new credential ends them
 * @param rights what the user may do
 * @param disabledAt when the user was disabled; null while the user can sign in
 * @param createdAt when the user was created
 * @param lastUsedAt when the user last made a request, exact to about a minute; null for never
 */
record UserAccount(
        String name,
        String projectId,
        String passwordHash,
        String credential,
        PrincipalRights rights,
        @Nullable Instant disabledAt,
        Instant createdAt,
        @Nullable Instant lastUsedAt) {

    /** Returns whether the user can sign in and make requests. */
    boolean isEnabled() {
        return disabledAt == null;
    }

    /** Returns the account with another password, which ends all tokens and sessions. */
    UserAccount withPassword(String hash, String newCredential) {
        return new UserAccount(name, projectId, hash, newCredential, rights, disabledAt, createdAt, lastUsedAt);
    }

    /** Returns the account with other rights. */
    UserAccount withRights(PrincipalRights newRights) {
        return new UserAccount(name, projectId, passwordHash, credential, newRights, disabledAt, createdAt, lastUsedAt);
    }

    /**
     * Returns the account as it is after it was disabled or enabled.
     *
     * @param at when the user was disabled; null if the user was enabled
     * @param newCredential ends all tokens and sessions
     */
    UserAccount withDisabledAt(@Nullable Instant at, String newCredential) {
        return new UserAccount(name, projectId, passwordHash, newCredential, rights, at, createdAt, lastUsedAt);
    }

    /** Returns the user as the API shows it, without hash and credential. */
    UserView view() {
        return new UserView(
                name,
                projectId,
                rights.policies(),
                RightsText.ids(rights.narrowing()),
                rights.narrowing().tags(),
                createdAt,
                disabledAt,
                lastUsedAt);
    }

    /** Returns a text for logs, without the hash and the credential. */
    @Override
    public String toString() {
        return "UserAccount[name=" + name + ", projectId=" + projectId + "]";
    }
}
