package io.keysweep.server.ceiling;

import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.control.Ceilings;
import io.keysweep.server.instance.InstanceTags;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyLayers;
import io.keysweep.server.policy.PolicyStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the ceilings of projects, tags and instances in the database, which it reads at each call.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. Thread-safe.
 */
@Component
class StoredCeilings implements CeilingFinder {

    private final PolicyStore policies;
    private final JsonMapper json;

    StoredCeilings(PolicyStore policies, JsonMapper json) {
        this.policies = policies;
        this.json = json;
    }

    @Override
    public Map<UUID, Ceilings> find(Collection<UUID> instanceIds) {
        Map<UUID, Ceilings> ceilings = new HashMap<>();
        policies.findLayers(PolicyKind.CEILINGS, instanceIds).forEach((id, layers) -> {
            if (layers.project() != null || layers.instance() != null) {
                ceilings.put(id, merge(layers));
            }
        });
        return ceilings;
    }

    private Ceilings merge(PolicyLayers layers) {
        return CeilingRules.merge(
                readRules(layers.project(), /* ofProject= */ true),
                readRules(layers.instance(), /* ofProject= */ false),
                layers.tags());
    }

    /** Returns the ceilings that apply to all instances of a project, without the ceilings of tags. */
    Ceilings ofProject(String projectId) {
        return CeilingRules.merge(
                policies.findForProject(PolicyKind.CEILINGS, projectId)
                        .map(policy -> read(policy, /* ofProject= */ true))
                        .orElse(null),
                /* instance= */ null,
                InstanceTags.NONE);
    }

    /**
     * Reads a stored document.
     *
     * @param ofProject whether a project owns the document, which may then set ceilings of tags
     */
    CeilingRules read(Policy policy, boolean ofProject) {
        return CeilingRules.read(json.readTree(policy.document()), ofProject);
    }

    /**
     * Checks a document of a client, and returns it as it must be stored.
     *
     * @param ofProject whether a project owns the document, which may then set ceilings of tags
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule
     */
    String normalize(@Nullable JsonNode document, boolean ofProject) {
        return json.writeValueAsString(CeilingRules.read(document, ofProject).document());
    }

    private @Nullable CeilingRules readRules(@Nullable String document, boolean ofProject) {
        return document == null ? null : CeilingRules.read(json.readTree(document), ofProject);
    }
}
