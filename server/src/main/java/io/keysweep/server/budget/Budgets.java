package io.keysweep.server.budget;

import io.keysweep.api.BudgetDocument;
import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import io.keysweep.server.request.DocumentReader;
import io.keysweep.server.worker.WorkerCapacity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the budgets from the settings and from the policies of projects. A budget limits how many sweeps run at the
 * same time. Thread-safe.
 *
 * <p>A sweep is the part of a scan that visits one primary. The settings have the budgets of the whole service and of
 * each host. Each project can have a budget of its own in the database.
 */
@Component
class Budgets {

    /** The largest budget that a project can have; the setting {@code budget.sweeps} has the same limit. */
    private static final int MAX_SWEEPS = 1_000_000;

    private final BudgetSettings settings;
    private final PolicyStore policies;
    private final WorkerCapacity workers;
    private final JsonMapper json;

    Budgets(ServiceSettings settings, PolicyStore policies, WorkerCapacity workers, JsonMapper json) {
        this.settings = settings.budget();
        this.policies = policies;
        this.workers = workers;
        this.json = json;
    }

    /**
     * Returns a new count of permits, with the current budgets and workers. The count is still 0; the caller adds the
     * granted permits.
     */
    BudgetUsage newUsage() {
        Map<String, Integer> projectLimits = new HashMap<>();
        policies.findForAllProjects(PolicyKind.BUDGET)
                .forEach((projectId, policy) ->
                        projectLimits.put(projectId, document(policy).sweeps()));
        return new BudgetUsage(settings, projectLimits, workers.living());
    }

    /**
     * Returns a new count of permits, with the current workers but without the budgets of projects. So it needs no
     * query for these budgets.
     */
    BudgetUsage newWorkerUsage() {
        return new BudgetUsage(settings, /* projectLimits= */ Map.of(), workers.living());
    }

    /** Returns whether the settings or a policy of any project limit the number of sweeps now. */
    boolean isAnySet() {
        return settings.sweeps() != null
                || settings.sweepsPerHost() != null
                || !policies.findForAllProjects(PolicyKind.BUDGET).isEmpty();
    }

    /** Reads the document of a stored budget. */
    BudgetDocument document(Policy policy) {
        return read(json.readTree(policy.document()));
    }

    /**
     * Checks a document of a client, and returns it as it must be stored.
     *
     * @param document the document; null if the request has none, which is not valid
     * @throws io.keysweep.server.error.RequestRefusedException if the document is not valid
     */
    String normalize(@Nullable JsonNode document) {
        return json.writeValueAsString(read(document));
    }

    private static BudgetDocument read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, Set.of("sweeps"));
        Optional<Integer> sweeps = reader.requiredInteger("sweeps", 1, MAX_SWEEPS);
        return reader.requireValid(() -> new BudgetDocument(sweeps.orElseThrow()));
    }
}
