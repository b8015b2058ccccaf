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

/**
 * Finds the {@link WindowGate window gates} of instances. A gate decides when the scans of its instance may run. To an
 * instance without windows, the windows of its project apply. Each call reads the database. Thread-safe.
 */
@Component
public class WindowGates implements WindowGateFinder {

    private final PolicyStore policies;
    private final JsonMapper json;

    /** Creates a finder over the stored windows. */
    public WindowGates(PolicyStore policies, JsonMapper json) {
        this.policies = policies;
        this.json = json;
    }

    @Override
    public WindowGate find(UUID instanceId) {
        return policies.findForInstance(PolicyKind.WINDOWS, instanceId)
                .map(policy -> gate(instanceId, policy))
                .orElseGet(() -> WindowGate.open(instanceId));
    }

    /**
     * Returns the gates of several instances by instance id, with one query. An instance is not in the map if neither
     * it nor its project has windows.
     */
    public Map<UUID, WindowGate> findAll(Collection<UUID> instanceIds) {
        return policies.findForInstances(PolicyKind.WINDOWS, instanceIds).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> gate(entry.getKey(), entry.getValue())));
    }

    /**
     * Checks a document of windows and returns it as it is stored: as JSON with every default filled in.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    public String normalize(@Nullable JsonNode document) {
        return json.writeValueAsString(WindowDocuments.write(WindowDocuments.read(document)));
    }

    /** Reads stored windows. */
    WindowPolicy read(Policy policy) {
        return WindowDocuments.read(json.readTree(policy.document()));
    }

    private WindowGate gate(UUID instanceId, Policy policy) {
        return new WindowGate(instanceId, read(policy), policy.ofInstance(), policy.setAt());
    }
}
