package io.keysweep.server.iam.principal;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.BuiltInRole;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.CallerLookup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks the rules that every change of access keys, users and access policies must obey, in the change's transaction.
 *
 * <p>{@link #lockAndReload} makes changes run one after another, and requires that the caller still exists. {@link
 * #requireAdministrator} requires that one access key may still do everything. Thread-safe.
 */
@Component
class RightsGuard {

    private final AccessKeyStore keys;
    private final CallerLookup callers;
    private final RightsResolver rights;
    private final AccessPolicyStore policies;

    RightsGuard(AccessKeyStore keys, CallerLookup callers, RightsResolver rights, AccessPolicyStore policies) {
        this.keys = keys;
        this.callers = callers;
        this.rights = rights;
        this.policies = policies;
    }

    /**
     * Takes the lock that all changes of access keys, users and access policies share, and returns the caller with its
     * current rights. All other changes wait until the transaction ends.
     *
     * <p>If two keys withdraw each other at the same time, for example, the second request waits and is then refused.
     *
     * @throws RequestRefusedException if the caller was removed or disabled or has expired since the request began
     */
    Caller lockAndReload(Caller caller) {
        keys.lockPrincipals();
        return callers.findCurrent(caller).orElseThrow(() -> RequestRefusedException.of(ErrorCode.INVALID_TOKEN));
    }

    /**
     * Returns when the access key of a caller expires; null if it never expires, or if the caller is no access key.
     * Keys that the caller creates must not expire later.
     */
    @Nullable Instant findExpiry(Caller caller) {
        return keys.find(caller.accessKey()).map(AccessKey::expiresAt).orElse(null);
    }

    /**
     * Requires that every policy exists in a project.
     *
     * @throws RequestRefusedException if one does not exist
     */
    void requirePolicies(String projectId, List<String> names) {
        for (String name : names) {
            if (BuiltInRole.find(name).isEmpty()
                    && policies.find(projectId, name).isEmpty()) {
                throw RequestRefusedException.parameter(
                        "policies", name, "viewer, operator, administrator, or the name of a policy of the project");
            }
        }
    }

    /**
     * Requires, after a change, an enabled access key that allows everything, never expires and has no owner. Otherwise
     * nobody could administer the service. Users and the keys that they own are not considered, because passwords can
     * be forgotten.
     *
     * @throws RequestRefusedException if there is none; the transaction must then be rolled back
     */
    void requireAdministrator() {
        if (keys.lastingKeys().stream()
                .noneMatch(key -> rights.grants(key.projectId(), key.rights()).allowAll())) {
            throw RequestRefusedException.of(
                    ErrorCode.LAST_ADMINISTRATOR, "Create another one without an end first, then repeat the request.");
        }
    }
}
