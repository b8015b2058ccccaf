package io.keysweep.server.autoscan;

import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the start policies of instances: their own, else their project's. Safe to share. */
@Component
public class StartPolicies {

    private final PolicyStore policies;
    private final JsonMapper json;

    StartPolicies(PolicyStore policies, JsonMapper json) {
        this.policies = policies;
        this.json = json;
    }

    StartPolicy of(UUID instanceId) {
        return policies.of(PolicyKind.START, instanceId).map(this::read).orElse(StartPolicy.NONE);
    }

    /** Those of all instances whose memory is watched. */
    Map<UUID, StartPolicy> watchingMemory() {
        return with(StartPolicy::watchesMemory);
    }

    /** Those of all instances that have a backlog target. */
    Map<UUID, StartPolicy> withBacklogTarget() {
        return with(policy -> policy.backlogTarget() != null);
    }

    private Map<UUID, StartPolicy> with(Predicate<StartPolicy> wanted) {
        return policies.all(PolicyKind.START).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), read(entry.getValue())))
                .filter(entry -> wanted.test(entry.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Checks a document and gives it with everything said, as it is kept.
     *
     * @throws io.keysweep.server.error.RequestRefusedException for every rule that is broken
     */
    public String checked(@Nullable JsonNode document) {
        return json.writeValueAsString(StartPolicy.read(document).document());
    }

    StartPolicy read(Policy policy) {
        return StartPolicy.read(json.readTree(policy.document()));
    }
}
