package io.keysweep.server.budget;

import io.keysweep.api.BudgetView;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyDocuments;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Checks the documents in which clients set the budgets of projects, and creates the views of these budgets.
 * Thread-safe.
 *
 * <p>A budget limits how many sweeps of a project run at the same time. A sweep is the part of a scan that visits one
 * primary. In the native API, a budget is one kind of policy.
 */
@Component
final class BudgetViews implements PolicyDocuments<BudgetView> {

    private final PermitStore permits;
    private final Budgets budgets;

    BudgetViews(PermitStore permits, Budgets budgets) {
        this.permits = permits;
        this.budgets = budgets;
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.BUDGET;
    }

    @Override
    public String normalize(@Nullable JsonNode document) {
        return budgets.normalize(document);
    }

    @Override
    public BudgetView view(PolicyOwner owner, Optional<Policy> policy, int version) {
        PermitStore.PermitCount count = permits.countByProject(owner.projectId());
        return new BudgetView(
                owner.projectId(),
                policy.map(budgets::document).orElse(null),
                count.running(),
                count.waiting(),
                policy.map(Policy::setBy).orElse(null),
                policy.map(Policy::setAt).orElse(null),
                version);
    }
}
