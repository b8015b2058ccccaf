package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.BuiltInRole;
import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.InstanceSelector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An access policy is a named list of statements, which access keys and users of its project can have.
 *
 * @param projectId id of the project; every project has the built-in roles
 * @param name name of the policy, unique in the project
 * @param statements statements that allow or deny actions
 * @param builtIn whether the policy is a built-in role, which nobody can change
 * @param version number that every change raises by 1, from 1
 * @param updatedAt when the policy was last changed; null for a built-in role
 * @param updatedBy the caller who changed the policy last; null for a built-in role
 */
record AccessPolicy(
        String projectId,
        String name,
        List<AccessStatement> statements,
        boolean builtIn,
        int version,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy) {

    AccessPolicy {
        statements = List.copyOf(statements);
    }

    /** Returns the policy of a built-in role. */
    static AccessPolicy of(String projectId, BuiltInRole role) {
        return new AccessPolicy(
                projectId,
                role.policyName(),
                role.statements(),
                /* builtIn= */ true,
                /* version= */ 1,
                /* updatedAt= */ null,
                /* updatedBy= */ null);
    }

    /** Returns the grants of a caller who has this policy only. */
    Grants grants() {
        return new Grants(statements, InstanceSelector.ALL);
    }
}
