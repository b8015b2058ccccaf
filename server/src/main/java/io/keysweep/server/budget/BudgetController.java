package io.keysweep.server.budget;

import io.keysweep.api.BudgetView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Projects;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyController;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/projects/{id}/budget}: seen by the project itself, set by who operates the service. */
@RestController
@RequestMapping("/api/v1/projects/{id}/budget")
final class BudgetController extends PolicyController<BudgetView> {

    private final PermitStore permits;
    private final Budgets budgets;
    private final Projects projects;

    BudgetController(PolicyStore policies, PermitStore permits, Budgets budgets, Projects projects) {
        super(PolicyKind.BUDGET, policies);
        this.permits = permits;
        this.budgets = budgets;
        this.projects = projects;
    }

    @Override
    protected PolicyOwner seen(Caller caller, String id) {
        return owner(caller, id, id.equals(caller.projectId()) ? Action.LIST_SCANS : Action.MANAGE_BUDGETS);
    }

    @Override
    protected PolicyOwner changed(Caller caller, String id) {
        return owner(caller, id, Action.MANAGE_BUDGETS);
    }

    private PolicyOwner owner(Caller caller, String id, Action action) {
        caller.require(action);
        if (!projects.exists(id)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
        return PolicyOwner.project(id);
    }

    @Override
    protected String checked(@Nullable JsonNode document) {
        return budgets.checked(document);
    }

    @Override
    protected BudgetView view(PolicyOwner owner, Optional<Policy> found, int version) {
        PermitStore.Count count = permits.count(owner.projectId());
        return new BudgetView(
                owner.projectId(),
                found.map(budgets::document).orElse(null),
                count.running(),
                count.waiting(),
                found.map(Policy::setBy).orElse(null),
                found.map(Policy::setAt).orElse(null),
                version);
    }
}
