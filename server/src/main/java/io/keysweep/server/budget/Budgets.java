package io.keysweep.server.budget;

import io.keysweep.api.BudgetDocument;
import io.keysweep.server.config.BudgetSettings;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import io.keysweep.server.request.DocumentReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the budgets: those of the settings and those that projects were given. Safe to share. */
@Component
class Budgets {

    private static final int MOST = 1_000_000;

    private final BudgetSettings settings;
    private final PolicyStore policies;
    private final JsonMapper json;

    Budgets(ServiceSettings settings, PolicyStore policies, JsonMapper json) {
        this.settings = settings.budget();
        this.policies = policies;
        this.json = json;
    }

    /** All that is limited at present, with nothing used. */
    BudgetUsage none() {
        Map<String, Integer> ofProjects = new HashMap<>();
        policies.ofProjects(PolicyKind.BUDGET)
                .forEach((projectId, policy) ->
                        ofProjects.put(projectId, document(policy).sweeps()));
        return new BudgetUsage(settings, ofProjects);
    }

    BudgetDocument document(Policy policy) {
        return read(json.readTree(policy.document()));
    }

    /**
     * Checks a document and gives it as it is kept.
     *
     * @throws io.keysweep.server.error.RequestRefusedException for every rule that is broken
     */
    String checked(@Nullable JsonNode document) {
        return json.writeValueAsString(read(document));
    }

    private static BudgetDocument read(@Nullable JsonNode document) {
        DocumentReader reader = DocumentReader.of(document, Set.of("sweeps"));
        Optional<Integer> sweeps = reader.requiredInteger("sweeps", 1, MOST);
        return reader.requireValid(() -> new BudgetDocument(sweeps.orElseThrow()));
    }
}
