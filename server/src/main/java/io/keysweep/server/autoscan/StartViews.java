package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyView;
import io.keysweep.api.StartView;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyDocuments;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Converts start policies, and the records of due starts, to the views that the native API and the web console show.
 *
 * <p>A start is the moment at which an automatic scan is due; its record says whether the service started or skipped
 * the scan, and why. Thread-safe.
 */
@Component
public class StartViews implements PolicyDocuments<StartPolicyView> {

    private final PolicyStore policies;
    private final StartPolicies reader;
    private final StartStore starts;

    StartViews(PolicyStore policies, StartPolicies reader, StartStore starts) {
        this.policies = policies;
        this.reader = reader;
        this.starts = starts;
    }

    /**
     * Returns the start policy that applies to an instance: the policy of the instance; without one, the policy of its
     * project; without both, the default.
     */
    public StartPolicyView ofInstance(Instance instance) {
        PolicyOwner owner = PolicyOwner.instance(instance);
        int version = policies.version(PolicyKind.START, owner);
        return view(owner, policies.findForInstance(PolicyKind.START, instance.id()), version);
    }

    /**
     * Returns a page of the records of an instance's starts, the latest first.
     *
     * @param offset number of starts to skip
     * @param limit maximum number of starts on the page
     */
    public List<StartView> starts(UUID instanceId, int offset, int limit) {
        return starts.list(instanceId, offset, limit).stream()
                .map(StartViews::view)
                .toList();
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.START;
    }

    @Override
    public String normalize(@Nullable JsonNode document) {
        return reader.normalize(document);
    }

    @Override
    public StartPolicyView view(PolicyOwner owner, Optional<Policy> policy, int version) {
        return new StartPolicyView(
                PolicyAccess.source(policy),
                policy.map(reader::read).orElse(StartPolicy.NONE).document(),
                policy.map(Policy::setBy).orElse(null),
                policy.map(Policy::setAt).orElse(null),
                version);
    }

    private static StartView view(Start start) {
        return new StartView(
                start.dueAt(),
                start.decidedAt(),
                start.cause().wireName(),
                start.outcome().wireName(),
                start.reason(),
                start.scanId() == null ? null : start.scanId().toString());
    }
}
