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
 * Creates the grants of an access key or a user from its actions, policies and narrowing (the instances to which it is
 * limited). Thread-safe.
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
        return grants(projectId, rights, /* replacedPolicy= */ null, List.of());
    }

    /**
     * Returns the grants as they would be if one policy of the project had other statements.
     *
     * @param replacedPolicy name of the policy; null to use the current statements of all policies
     * @param statements the statements to use for the policy instead of its current ones
     */
    Grants grants(
            String projectId,
            PrincipalRights rights,
            @Nullable String replacedPolicy,
            List<AccessStatement> statements) {
        List<AccessStatement> allStatements = new ArrayList<>();
        if (!rights.actions().isEmpty()) {
            allStatements.add(AccessStatement.allowing(rights.actions()));
        }

        Map<String, List<AccessStatement>> storedPolicies =
                new HashMap<>(policies.statements(projectId, rights.policies()));
        if (replacedPolicy != null) {
            // A policy that the rights do not include stays out.
            storedPolicies.computeIfPresent(replacedPolicy, (name, current) -> statements);
        }

        for (String name : rights.policies()) {
            List<AccessStatement> policyStatements =
                    BuiltInRole.find(name).map(BuiltInRole::statements).orElse(storedPolicies.get(name));
            if (policyStatements == null) {
                // The missing policy may have denied an action, so no other policy may allow it.
                return Grants.NONE;
            }
            allStatements.addAll(policyStatements);
        }
        return new Grants(allStatements, rights.narrowing());
    }
}
