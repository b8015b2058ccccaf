package io.keysweep.server.window;

import io.keysweep.api.WindowsView;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Windows as they are shown: whose they are, and whether they are open at the moment. Safe to share. */
@Component
public class WindowViews {

    private final PolicyStore policies;
    private final WindowGates gates;
    private final InstantSource clock;

    WindowViews(PolicyStore policies, WindowGates gates, InstantSource clock) {
        this.policies = policies;
        this.gates = gates;
        this.clock = clock;
    }

    /** Those that hold for an instance: its own, else its project's, else none. */
    public WindowsView ofInstance(Instance instance) {
        int version = policies.version(PolicyKind.WINDOWS, PolicyOwner.instance(instance));
        return of(policies.of(PolicyKind.WINDOWS, instance.id()), version);
    }

    WindowsView of(Optional<Policy> found, int version) {
        Instant now = clock.instant();
        WindowPolicy policy = found.map(gates::read).orElse(WindowPolicy.NONE);
        boolean open = policy.windows().openAt(now);
        return new WindowsView(
                PolicyAccess.source(found),
                WindowDocuments.write(policy),
                open,
                (open ? policy.windows().nextClosing(now) : policy.windows().nextOpening(now)).orElse(null),
                found.map(Policy::setBy).orElse(null),
                found.map(Policy::setAt).orElse(null),
                version);
    }
}
