package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.BuiltInRole;
import io.keysweep.server.iam.Grants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Creates the grants of an access key or a user from its actions, policies and narrowing (the only instances that they
 * apply to). Thread-safe.
 */
@Component
final class RightsResolver {

    private final AccessPolicyStore policies;

    RightsResolver(AccessPolicyStore policies) {
        this.policies = policies;
    }

    /**
     * Returns the grants that follow from the current statements of the policies. If one policy does not exist, nothing
     * is allowed.
     */
    Grants grants(String projectId, PrincipalRights rights) {
        return grants(projectId, rights, /* replaced= */ null, List.of());
    }

    /**
     * Returns the grants as they would be if one policy of the project had other statements.
     *
     * @param replaced name of the policy; null to use the current statements of all policies
     * @param statements the other statements of the policy
     */
    Grants grants(
            String projectId, PrincipalRights rights, @Nullable String replaced, List<AccessStatement> statements) {
        List<AccessStatement> all = new ArrayList<>();
        if (!rights.actions().isEmpty()) {
            all.add(AccessStatement.allowing(rights.actions()));
        }

        Map<String, List<AccessStatement>> custom = new HashMap<>(policies.statements(projectId, rights.policies()));
        // If the rights include the replaced policy, its other statements are used.
        custom.computeIfPresent(replaced == null ? "" : replaced, (name, present) -> statements);

        for (String name : rights.policies()) {
            List<AccessStatement> found =
                    BuiltInRole.find(name).map(BuiltInRole::statements).orElse(custom.get(name));
            if (found == null) {
                // The missing policy may have denied an action, so no other policy may allow it.
                return Grants.NONE;
            }
            all.addAll(found);
        }
        return new Grants(all, rights.narrowing());
    }
}
