package io.keysweep.server.window;

import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyStore;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the gates of instances: by their own windows, else by their project's. Safe to share. */
@Component
public class WindowGates {

    private final PolicyStore policies;
    private final JsonMapper json;

    /** Over the stored windows. */
    public WindowGates(PolicyStore policies, JsonMapper json) {
        this.policies = policies;
        this.json = json;
    }

    /** The gate of one instance. */
    public WindowGate of(UUID instanceId) {
        return policies.of(PolicyKind.WINDOWS, instanceId)
                .map(policy -> gate(instanceId, policy))
                .orElseGet(() -> WindowGate.open(instanceId));
    }

    /** The gates of those instances that have windows, in one query. */
    public Map<UUID, WindowGate> of(Collection<UUID> instanceIds) {
        return policies.of(PolicyKind.WINDOWS, instanceIds).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> gate(entry.getKey(), entry.getValue())));
    }

    /**
     * Checks a document of windows and gives it with everything said, as it is kept.
     *
     * @throws io.keysweep.server.error.RequestRefusedException for every rule that is broken
     */
    public String checked(@Nullable JsonNode document) {
        return json.writeValueAsString(WindowDocuments.write(WindowDocuments.read(document)));
    }

    WindowPolicy read(Policy policy) {
        return WindowDocuments.read(json.readTree(policy.document()));
    }

    private WindowGate gate(UUID instanceId, Policy policy) {
        return new WindowGate(instanceId, read(policy), policy.ofInstance(), policy.setAt());
    }
}
