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

/** Makes the grants of an access key or a user from its actions and policies. Safe for use by several threads. */
@Component
final class RightsResolver {

    private final AccessPolicyStore policies;

    RightsResolver(AccessPolicyStore policies) {
        this.policies = policies;
    }

    /** Returns the present grants. Rights that name a policy which does not exist allow nothing at all. */
    Grants grants(String projectId, PrincipalRights rights) {
        return grants(projectId, rights, /* replaced= */ null, List.of());
    }

    /**
     * Returns the grants as they would be with other statements in one policy.
     *
     * @param replaced name of the policy of the project, or null to replace none
     */
    Grants grants(
            String projectId, PrincipalRights rights, @Nullable String replaced, List<AccessStatement> statements) {
        List<AccessStatement> all = new ArrayList<>();
        if (!rights.actions().isEmpty()) {
            all.add(AccessStatement.allowing(rights.actions()));
        }
        Map<String, List<AccessStatement>> custom = new HashMap<>(policies.statements(projectId, rights.policies()));
        custom.computeIfPresent(replaced == null ? "" : replaced, (name, present) -> statements);
        for (String name : rights.policies()) {
            List<AccessStatement> found =
                    BuiltInRole.find(name).map(BuiltInRole::statements).orElse(custom.get(name));
            if (found == null) {
                // A missing policy could have held a denial.
                return Grants.NONE;
            }
            all.addAll(found);
        }
        return new Grants(all, rights.narrowing());
    }
}
