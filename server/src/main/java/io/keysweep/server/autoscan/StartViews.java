package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyView;
import io.keysweep.api.StartView;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Start policies as they are shown, and what became of starts. Safe to share. */
@Component
public class StartViews {

    private final PolicyStore policies;
    private final StartPolicies reader;
    private final StartStore starts;

    StartViews(PolicyStore policies, StartPolicies reader, StartStore starts) {
        this.policies = policies;
        this.reader = reader;
        this.starts = starts;
    }

    /** What holds for an instance: its own policy, else its project's, else none. */
    public StartPolicyView ofInstance(Instance instance) {
        int version = policies.version(PolicyKind.START, PolicyOwner.instance(instance));
        return of(policies.of(PolicyKind.START, instance.id()), version);
    }

    /** What became of the starts of an instance, the latest first. */
    public List<StartView> starts(UUID instanceId, int offset, int limit) {
        return starts.list(instanceId, offset, limit).stream()
                .map(StartViews::view)
                .toList();
    }

    StartPolicyView of(Optional<Policy> found, int version) {
        return new StartPolicyView(
                PolicyAccess.source(found),
                found.map(reader::read).orElse(StartPolicy.NONE).document(),
                found.map(Policy::setBy).orElse(null),
                found.map(Policy::setAt).orElse(null),
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
