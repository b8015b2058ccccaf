package io.keysweep.server.budget;

import io.keysweep.api.BudgetView;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.KnownProjects;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/v1/projects/{id}/budget}: seen by the project itself, set by who operates the service. */
@RestController
@RequestMapping("/api/v1/projects/{id}/budget")
final class BudgetController {

    private final PolicyStore policies;
    private final PermitStore permits;
    private final Budgets budgets;
    private final KnownProjects projects;
    private final JsonMapper json;

    BudgetController(
            PolicyStore policies, PermitStore permits, Budgets budgets, KnownProjects projects, JsonMapper json) {
        this.policies = policies;
        this.permits = permits;
        this.budgets = budgets;
        this.projects = projects;
        this.json = json;
    }

    @GetMapping
    BudgetView get(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        require(caller, id, id.equals(caller.projectId()) ? Action.LIST_SCANS : Action.MANAGE_BUDGETS);
        return view(id);
    }

    @PutMapping
    BudgetView set(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable JsonNode document) {
        require(caller, id, Action.MANAGE_BUDGETS);
        String checked = json.writeValueAsString(Budgets.read(document));
        policies.setForProject(PolicyKind.BUDGET, id, checked, caller.accessKey());
        return view(id);
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(@AuthenticationPrincipal Caller caller, @PathVariable String id) {
        require(caller, id, Action.MANAGE_BUDGETS);
        policies.removeFromProject(PolicyKind.BUDGET, id);
    }

    private void require(Caller caller, String id, Action action) {
        caller.require(action);
        if (!projects.exists(id)) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
    }

    private BudgetView view(String id) {
        Optional<Policy> found = policies.ofProject(PolicyKind.BUDGET, id);
        PermitStore.Count count = permits.count(id);
        return new BudgetView(
                id,
                found.map(budgets::document).orElse(null),
                count.running(),
                count.waiting(),
                found.map(Policy::setBy).orElse(null),
                found.map(Policy::setAt).orElse(null));
    }
}
