package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.Grants;
import io.keysweep.server.iam.InstanceSelector;
import java.util.List;
import java.util.Set;

/**
 * Holds the rights of an access key or a user as they were given: actions, names of policies, and a narrowing.
 *
 * <p>{@link RightsResolver} looks up the statements of the policies and creates the {@link Grants}.
 *
 * @param actions IAM names of actions on all instances; empty for a user
 * @param policies names of built-in roles and of access policies of the project, sorted
 * @param narrowing the only instances on which anything is allowed
 */
record PrincipalRights(Set<String> actions, List<String> policies, InstanceSelector narrowing) {

    PrincipalRights {
        actions = Set.copyOf(actions);
        policies = policies.stream().distinct().sorted().toList();
    }
}
