package io.keysweep.server.ceiling;

import io.keysweep.api.CeilingsView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyEndpoint;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyOwnerAccess;
import io.keysweep.server.policy.PolicyStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares two paths of the native API: for the ceilings of a project, and for the ceilings of an instance.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. A change of ceilings needs the action
 * {@link Action#MANAGE_CEILINGS}, so that a caller who may only start and tune scans cannot lift the ceilings. A caller
 * who may also manage projects reads and changes the ceilings of any project.
 */
@Configuration(proxyBeanMethods = false)
class CeilingEndpoints {

    @Bean
    PolicyEndpoint<CeilingsView> projectCeilings(
            PolicyAccess access, Projects projects, StoredCeilings stored, PolicyStore policies) {
        return new PolicyEndpoint<>(
                "/api/v1/projects/{id}/ceilings",
                new CeilingAccess((caller, id, action) -> {
                    String projectId = ProjectId.canonical(id);
                    if (caller.may(Action.MANAGE_PROJECTS) && projects.exists(projectId)) {
                        caller.requireAction(action);
                        return PolicyOwner.project(projectId);
                    }
                    return PolicyOwner.project(access.project(caller, id, action));
                }),
                new CeilingViews(stored, policies, /* ofProjects= */ true));
    }

    @Bean
    PolicyEndpoint<CeilingsView> instanceCeilings(PolicyAccess access, StoredCeilings stored, PolicyStore policies) {
        return new PolicyEndpoint<>(
                "/api/v1/instances/{id}/ceilings",
                new CeilingAccess((caller, id, action) -> PolicyOwner.instance(access.instance(caller, id, action))),
                new CeilingViews(stored, policies, /* ofProjects= */ false));
    }

    /** Finds the project or instance that a path names, and checks that the caller has an action there. */
    @FunctionalInterface
    private interface OwnerFinder {

        /** Returns the owner; refuses the request if the caller cannot see the owner, or lacks the action. */
        PolicyOwner find(Caller caller, String id, Action action);
    }

    /**
     * Lets a caller who may see instances read their ceilings, and only a caller who may manage ceilings change them.
     */
    private record CeilingAccess(OwnerFinder finder) implements PolicyOwnerAccess {

        @Override
        public PolicyOwner ownerToRead(Caller caller, String id) {
            return finder.find(caller, id, Action.GET_INSTANCE);
        }

        @Override
        public PolicyOwner ownerToChange(Caller caller, String id) {
            return finder.find(caller, id, Action.MANAGE_CEILINGS);
        }
    }
}
