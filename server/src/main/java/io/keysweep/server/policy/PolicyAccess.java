package io.keysweep.server.policy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.instance.InstanceStore;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Checks that a caller may act on the project or instance that a path names. */
@Component
public class PolicyAccess {

    private final InstanceStore instances;

    PolicyAccess(InstanceStore instances) {
        this.instances = instances;
    }

    /**
     * Returns the id of the caller's own project.
     *
     * @throws RequestRefusedException if {@code id} is another project, or the caller lacks the permission
     */
    public String project(Caller caller, String id, Action action) {
        if (!id.equals(caller.projectId())) {
            throw RequestRefusedException.of(ErrorCode.WRONG_PROJECT);
        }
        caller.require(action);
        return id;
    }

    /**
     * Returns an instance of the caller's project.
     *
     * @throws RequestRefusedException if the project has no such instance, or the caller lacks the permission
     */
    public Instance instance(Caller caller, String id, Action action) {
        caller.require(action);
        return InstanceId.parse(id)
                .flatMap(uuid -> instances.find(caller.projectId(), uuid))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    /**
     * Returns access to the exceptions of instances: to read needs {@code GET_INSTANCE}, to change
     * {@code MANAGE_INSTANCES}.
     */
    public PolicyOwnerAccess instanceOwners() {
        return new PolicyOwnerAccess() {
            @Override
            public PolicyOwner ownerToRead(Caller caller, String id) {
                return PolicyOwner.instance(instance(caller, id, Action.GET_INSTANCE));
            }

            @Override
            public PolicyOwner ownerToChange(Caller caller, String id) {
                return PolicyOwner.instance(instance(caller, id, Action.MANAGE_INSTANCES));
            }
        };
    }

    /**
     * Returns access to the defaults of projects: to read needs {@code GET_INSTANCE}, to change
     * {@code MANAGE_INSTANCES}.
     */
    public PolicyOwnerAccess projectOwners() {
        return new PolicyOwnerAccess() {
            @Override
            public PolicyOwner ownerToRead(Caller caller, String id) {
                return PolicyOwner.project(project(caller, id, Action.GET_INSTANCE));
            }

            @Override
            public PolicyOwner ownerToChange(Caller caller, String id) {
                return PolicyOwner.project(project(caller, id, Action.MANAGE_INSTANCES));
            }
        };
    }

    /**
     * Returns the owner of the policy that applies, as the API shows it: {@code instance}, {@code project} or
     * {@code none}.
     */
    public static String source(Optional<Policy> policy) {
        return policy.map(found -> found.ofInstance() ? "instance" : "project").orElse("none");
    }
}
