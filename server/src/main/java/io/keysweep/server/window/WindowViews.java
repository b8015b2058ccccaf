package io.keysweep.server.window;

import io.keysweep.api.WindowsView;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyDocuments;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Converts windows to the views that the native API and the web console show, and checks the documents of requests.
 *
 * <p>Windows are times of the week when sweeps may run. A project sets them as the default, and an instance as its
 * exception. Thread-safe.
 */
@Component
public class WindowViews implements PolicyDocuments<WindowsView> {

    private final PolicyStore policies;
    private final WindowGates gates;
    private final InstantSource clock;

    WindowViews(PolicyStore policies, WindowGates gates, InstantSource clock) {
        this.policies = policies;
        this.gates = gates;
        this.clock = clock;
    }

    /**
     * Returns the windows that apply to an instance. These are its own, or else those of its project, or else none. The
     * version in the view is that of the instance's own windows in all three cases.
     */
    public WindowsView ofInstance(Instance instance) {
        PolicyOwner owner = PolicyOwner.instance(instance);
        int version = policies.version(PolicyKind.WINDOWS, owner);
        return view(owner, policies.findForInstance(PolicyKind.WINDOWS, instance.id()), version);
    }

    @Override
    public PolicyKind kind() {
        return PolicyKind.WINDOWS;
    }

    @Override
    public String normalize(@Nullable JsonNode document) {
        return gates.normalize(document);
    }

    /**
     * Also says whether the windows are open now, and when that changes next. Without a policy they are always open.
     */
    @Override
    public WindowsView view(PolicyOwner owner, Optional<Policy> found, int version) {
        Instant now = clock.instant();
        WindowPolicy policy = found.map(gates::read).orElse(WindowPolicy.NONE);
        boolean open = policy.windows().isOpenAt(now);
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
