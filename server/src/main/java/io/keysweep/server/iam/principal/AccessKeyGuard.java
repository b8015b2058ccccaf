package io.keysweep.server.iam.principal;

import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.Project;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides whether a caller may give rights to an access key, and whether a caller may change or withdraw a key.
 *
 * <p>{@link RightsGuard} has the rules that also apply to users and policies. Thread-safe.
 */
@Component
final class AccessKeyGuard {

    private final UserStore users;
    private final RightsResolver resolver;
    private final RightsGuard guard;

    AccessKeyGuard(UserStore users, RightsResolver resolver, RightsGuard guard) {
        this.users = users;
        this.resolver = resolver;
        this.guard = guard;
    }

    /**
     * Requires that a caller may give rights to a key: the caller must have all these rights, and the key must not
     * outlive the caller's own key.
     *
     * <p>The owner of the key may give it any right, because a key never allows more than its owner may do. Any other
     * caller must have the rights itself. Otherwise a caller who knows the secret of the key would gain rights as soon
     * as the owner gets them.
     *
     * @param owner name of the user who owns the key; null for none
     * @param expiresAt when the key expires; null for never
     * @throws RequestRefusedException if the caller is not allowed to do so, or if the owner or a policy does not exist
     */
    void requireGrantable(
            Caller caller,
            Project project,
            @Nullable String owner,
            PrincipalRights rights,
            @Nullable Instant expiresAt) {
        if (owner != null) {
            requireOwner(project, owner);
        }
        guard.requirePolicies(project.id(), rights.policies());
        if (!caller.accessKey().equals(owner)) {
            caller.requireAllRights(resolver.grants(project.id(), rights));
        }
        requireExpiryBeforeCaller(caller, expiresAt);
    }

    /**
     * Requires that a caller may change or withdraw a key: the caller owns the key, or has all rights of the key, or
     * has all rights of its owner.
     *
     * @throws RequestRefusedException if the caller is not allowed to do so
     */
    void requireChangeable(Caller caller, Project project, AccessKey key) {
        Grants keyGrants = resolver.grants(project.id(), key.rights());
        boolean hasOwnerRights = key.owner() != null
                && (key.owner().equals(caller.accessKey())
                        || caller.grants()
                                .missingFor(resolver.grants(
                                        project.id(),
                                        requireOwner(project, key.owner()).rights()))
                                .isEmpty());
        if (!hasOwnerRights) {
            caller.requireAllRights(keyGrants);
        }
    }

    private UserAccount requireOwner(Project project, String name) {
        return users.find(name)
                .filter(user -> user.projectId().equals(project.id()))
                .orElseThrow(
                        () -> RequestRefusedException.parameter("userId", name, "the name of a user of the project"));
    }

    /**
     * Requires that a key expires no later than the caller's own key. Otherwise a key that expires soon could create a
     * key that never expires.
     */
    private void requireExpiryBeforeCaller(Caller caller, @Nullable Instant expiresAt) {
        Instant end = guard.findExpiry(caller);
        if (end != null && (expiresAt == null || expiresAt.isAfter(end))) {
            throw RequestRefusedException.parameter(
                    "expiresAt",
                    expiresAt == null ? null : expiresAt.toString(),
                    Phrase.of("at most {0}, when the key that you call with ends", end));
        }
    }
}
