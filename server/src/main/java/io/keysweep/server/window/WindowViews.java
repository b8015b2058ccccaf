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
 * <p>Windows are times of the week when sweeps may run. They are a <em>policy</em>: a JSON document. A project sets it
 * as the default for its instances; an instance can set its own document instead. {@link PolicyStore} stores the
 * document, and {@link WindowGates} checks and reads it. A view adds who has set it, and whether the windows are open
 * now. Thread-safe.
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
     * Returns the windows that apply to an instance: its own windows, or else the windows of its project, or else none.
     * In all three cases, the view contains the version of the instance's own windows, 0 if it never had any. A request
     * must name this version to change the windows of the instance.
     */
    public WindowsView ofInstance(Instance instance) {
        PolicyOwner owner = PolicyOwner.instance(instance);
        // The version must be read before the windows. If the windows change in between, the version is too old, and a
        // request that names it is refused. In the other order, the client would overwrite a change that it has not
        // seen.
        int ownVersion = policies.version(PolicyKind.WINDOWS, owner);
        Optional<Policy> appliedPolicy = policies.findForInstance(PolicyKind.WINDOWS, instance.id());
        return view(owner, appliedPolicy, ownVersion);
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
     * Returns the view of a policy. The view says whether the windows are open now, and when that changes next. Without
     * a policy, the windows are always open.
     */
    @Override
    public WindowsView view(PolicyOwner owner, Optional<Policy> appliedPolicy, int version) {
        Instant now = clock.instant();
        WindowPolicy policy = appliedPolicy.map(gates::read).orElse(WindowPolicy.NONE);
        WeeklyWindows windows = policy.windows();
        boolean isOpen = windows.isOpenAt(now);
        Optional<Instant> nextChange = isOpen ? windows.nextClosing(now) : windows.nextOpening(now);
        return new WindowsView(
                PolicyAccess.source(appliedPolicy),
                WindowDocuments.write(policy),
                isOpen,
                nextChange.orElse(null),
                appliedPolicy.map(Policy::setBy).orElse(null),
                appliedPolicy.map(Policy::setAt).orElse(null),
                version);
    }
}
