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
 * Decides whether a caller may give rights to an access key, or take a key away.
 *
 * <p>{@link RightsGuard} guards what all changes of keys, users and policies have in common. Safe for use by several
 * threads.
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
     * Requires that a caller may give rights to a key. The limit of an owner does not count, unless the owner calls: a
     * caller who knows the secret of the key would have more rights as soon as the owner has more.
     */
    void requireGrantable(
            Caller caller,
            Project project,
            @Nullable String owner,
            PrincipalRights rights,
            @Nullable Instant expiresAt) {
        if (owner != null) {
            owner(project, owner);
        }
        guard.requirePolicies(project.id(), rights.policies());
        if (!caller.accessKey().equals(owner)) {
            caller.requireAll(resolver.grants(project.id(), rights));
        }
        requireEndBeforeCaller(caller, expiresAt);
    }

    /** Requires that a caller may take a key away, by having all rights of the key or all of its owner. */
    void requireTakeable(Caller caller, Project project, AccessKey key) {
        Grants own = resolver.grants(project.id(), key.rights());
        boolean isOwned = key.owner() != null
                && (key.owner().equals(caller.accessKey())
                        || caller.grants()
                                .missingFor(resolver.grants(
                                        project.id(),
                                        owner(project, key.owner()).rights()))
                                .isEmpty());
        if (!isOwned) {
            caller.requireAll(own);
        }
    }

    private UserAccount owner(Project project, String name) {
        return users.find(name)
                .filter(user -> user.projectId().equals(project.id()))
                .orElseThrow(
                        () -> RequestRefusedException.parameter("userId", name, "the name of a user of the project"));
    }

    /** Refuses an end after that of the caller: a key that ends soon could otherwise live on in another. */
    private void requireEndBeforeCaller(Caller caller, @Nullable Instant expiresAt) {
        Instant end = guard.end(caller);
        if (end != null && (expiresAt == null || expiresAt.isAfter(end))) {
            throw RequestRefusedException.parameter(
                    "expiresAt",
                    expiresAt == null ? null : expiresAt.toString(),
                    Phrase.of("at most {0}, when the key that you call with ends", end));
        }
    }
}
