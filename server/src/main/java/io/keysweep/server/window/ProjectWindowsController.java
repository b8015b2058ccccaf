package io.keysweep.server.window;

import io.keysweep.api.WindowsView;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.policy.Policy;
import io.keysweep.server.policy.PolicyAccess;
import io.keysweep.server.policy.PolicyController;
import io.keysweep.server.policy.PolicyKind;
import io.keysweep.server.policy.PolicyOwner;
import io.keysweep.server.policy.PolicyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code …/windows} of a project: the default of its instances. */
@RestController
@RequestMapping("/api/v1/projects/{id}/windows")
final class ProjectWindowsController extends PolicyController<WindowsView> {

    private final WindowGates gates;
    private final WindowViews views;
    private final PolicyAccess access;

    ProjectWindowsController(PolicyStore policies, WindowGates gates, WindowViews views, PolicyAccess access) {
        super(PolicyKind.WINDOWS, policies);
        this.gates = gates;
        this.views = views;
        this.access = access;
    }

    @Override
    protected PolicyOwner seen(Caller caller, String id) {
        return PolicyOwner.project(access.project(caller, id, Action.GET_INSTANCE));
    }

    @Override
    protected PolicyOwner changed(Caller caller, String id) {
        return PolicyOwner.project(access.project(caller, id, Action.MANAGE_INSTANCES));
    }

    @Override
    protected String checked(@Nullable JsonNode document) {
        return gates.checked(document);
    }

    @Override
    protected WindowsView view(PolicyOwner owner, Optional<Policy> found, int version) {
        return views.of(found, version);
    }
}
