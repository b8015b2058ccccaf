package io.keysweep.server.budget;

import io.keysweep.api.BudgetView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.iam.Projects;
import io.keysweep.server.policy.PolicyEndpoint;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyOwnerAccess;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the path of the native API at which clients read and change the budget of a project.
 *
 * <p>A budget limits how many sweeps of the project run at the same time. A sweep is the part of a scan that visits one
 * primary.
 */
@Configuration(proxyBeanMethods = false)
class BudgetEndpoints {

    @Bean
    PolicyEndpoint<BudgetView> projectBudget(Projects projects, BudgetViews views) {
        return new PolicyEndpoint<>("/api/v1/projects/{id}/budget", new BudgetAccess(projects), views);
    }

    /**
     * Lets a caller who may list scans read the budget of its own project. To read another project's budget, or to
     * change a budget, a caller needs the permission to manage budgets.
     */
    private record BudgetAccess(Projects projects) implements PolicyOwnerAccess {

        @Override
        public PolicyOwner ownerToRead(Caller caller, String id) {
            boolean isOwnProject = ProjectId.canonical(id).equals(caller.projectId());
            return requireOwner(caller, id, isOwnProject ? Action.LIST_SCANS : Action.MANAGE_BUDGETS);
        }

        @Override
        public PolicyOwner ownerToChange(Caller caller, String id) {
            return requireOwner(caller, id, Action.MANAGE_BUDGETS);
        }

        /**
         * Returns the project that owns a budget.
         *
         * @param id project id, with or without dashes
         * @param action action that the caller needs
         * @throws RequestRefusedException if the caller is not allowed to do the action, or if the project does not
         *     exist
         */
        private PolicyOwner requireOwner(Caller caller, String id, Action action) {
            caller.requireAction(action);
            String projectId = ProjectId.canonical(id);
            if (!projects.exists(projectId)) {
                throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
            }
            return PolicyOwner.project(projectId);
        }
    }
}
