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

/**
 * Finds the start policy of an instance. The policy says when automatic scans are worthwhile. If the instance has no
 * policy, the policy of its project applies. Thread-safe.
 */
@Component
public class StartPolicies {

    private final PolicyStore policies;
    private final JsonMapper json;

    StartPolicies(PolicyStore policies, JsonMapper json) {
        this.policies = policies;
        this.json = json;
    }

    /**
     * Returns the policy that applies to an instance; {@link StartPolicy#NONE} if neither it nor its project has one.
     */
    StartPolicy find(UUID instanceId) {
        return policies.findForInstance(PolicyKind.START, instanceId)
                .map(this::read)
                .orElse(StartPolicy.NONE);
    }

    /** Returns the policies of all instances whose memory is watched, by instance id. */
    Map<UUID, StartPolicy> findWatchingMemory() {
        return findAll(StartPolicy::watchesMemory);
    }

    /**
     * Returns the policies of all instances that have a backlog target (a maximum number of expired keys that still
     * hold memory), by instance id.
     */
    Map<UUID, StartPolicy> findWithBacklogTarget() {
        return findAll(policy -> policy.backlogTarget() != null);
    }

    private Map<UUID, StartPolicy> findAll(Predicate<StartPolicy> condition) {
        return policies.findForAllInstances(PolicyKind.START).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), read(entry.getValue())))
                .filter(entry -> condition.test(entry.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Checks a document and returns it as it is stored: as JSON with every default filled in.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    public String normalize(@Nullable JsonNode document) {
        return json.writeValueAsString(StartPolicy.read(document).document());
    }

    /** Reads a stored policy. */
    StartPolicy read(Policy policy) {
        return StartPolicy.read(json.readTree(policy.document()));
    }
}
