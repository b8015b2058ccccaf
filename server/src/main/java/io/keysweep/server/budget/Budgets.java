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
 * Reads the budgets, that is, how many sweeps may run at once: those of the service from the settings, those of
 * projects from SQL. Thread-safe.
 */
@Component
class Budgets {

    /** The largest budget of a project, as for the budgets of the settings. */
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

    /** Returns a usage without any permit, with the budgets and the workers as they are now. */
    BudgetUsage newUsage() {
        Map<String, Integer> projectLimits = new HashMap<>();
        policies.findForAllProjects(PolicyKind.BUDGET)
                .forEach((projectId, policy) ->
                        projectLimits.put(projectId, document(policy).sweeps()));
        return new BudgetUsage(settings, projectLimits, workers.living());
    }

    /** Returns a usage without any permit, with the workers as they are now and without budgets of projects. */
    BudgetUsage newUsageOfWorkers() {
        return new BudgetUsage(settings, /* projectLimits= */ Map.of(), workers.living());
    }

    /** Returns whether the settings or any project have a budget now. */
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
