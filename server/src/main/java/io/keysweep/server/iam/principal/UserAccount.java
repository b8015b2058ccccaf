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
 * @param credential random text that the user's tokens and sessions name; another one ends them
 * @param rights what the user may do
 * @param disabledAt when the user was disabled; null while the user can sign in
 * @param createdAt when the user was created
 * @param lastUsedAt about when the user last made a request; null for never
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

    /** Returns the account, disabled at an instant or enabled (null), with another credential. */
    UserAccount disabled(@Nullable Instant at, String newCredential) {
        return new UserAccount(name, projectId, passwordHash, newCredential, rights, at, createdAt, lastUsedAt);
    }

    /** Returns what the API shows. */
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
