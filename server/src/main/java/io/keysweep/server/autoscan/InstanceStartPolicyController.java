package io.keysweep.server.autoscan;

import io.keysweep.api.StartPolicyView;
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

/** {@code …/start-policy} of an instance: an exception, which stands in for the whole of its project's default. */
@RestController
@RequestMapping("/api/v1/instances/{id}/start-policy")
final class InstanceStartPolicyController extends PolicyController<StartPolicyView> {

    private final StartPolicies reader;
    private final StartViews views;
    private final PolicyAccess access;

    InstanceStartPolicyController(PolicyStore policies, StartPolicies reader, StartViews views, PolicyAccess access) {
        super(PolicyKind.START, policies);
        this.reader = reader;
        this.views = views;
        this.access = access;
    }

    @Override
    protected PolicyOwner seen(Caller caller, String id) {
        return PolicyOwner.instance(access.instance(caller, id, Action.GET_INSTANCE));
    }

    @Override
    protected PolicyOwner changed(Caller caller, String id) {
        return PolicyOwner.instance(access.instance(caller, id, Action.MANAGE_INSTANCES));
    }

    @Override
    protected String checked(@Nullable JsonNode document) {
        return reader.checked(document);
    }

    @Override
    protected StartPolicyView view(PolicyOwner owner, Optional<Policy> found, int version) {
        return views.of(found, version);
    }
}
