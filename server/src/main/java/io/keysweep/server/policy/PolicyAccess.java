package io.keysweep.server.policy;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Checks that a caller may act on the project or the instance in the path of a request.
 *
 * <p>The access key of a caller belongs to one project, and the caller acts for this project. Any other project is
 * refused like a project that does not exist, and its instances like instances that do not exist. A caller therefore
 * does not learn which ones exist.
 */
@Component
public class PolicyAccess {

    private final InstanceAccess instances;

    PolicyAccess(InstanceAccess instances) {
        this.instances = instances;
    }

    /**
     * Checks that the path names the caller's own project, and returns its id without dashes.
     *
     * @param id the id of the project in the path, with or without dashes
     * @param action the permission that the caller needs
     * @throws RequestRefusedException if {@code id} is any other project, whether it exists or not, or if the caller
     *     lacks the permission
     */
    public String project(Caller caller, String id, Action action) {
        if (!ProjectId.canonical(id).equals(caller.projectId())) {
            throw RequestRefusedException.of(ErrorCode.UNKNOWN_PROJECT);
        }
        caller.requireAction(action);
        return caller.projectId();
    }

    /**
     * Returns an instance of the caller's project.
     *
     * @param id the id of the instance in the path; a text that is not a UUID is treated as the id of an unknown
     *     instance
     * @param action the permission that the caller needs
     * @throws RequestRefusedException if the project has no such instance, or the caller lacks the permission
     */
    public Instance instance(Caller caller, String id, Action action) {
        return instances.require(caller, id, action);
    }

    /**
     * Returns the access to the policies of instances, for {@link PolicyEndpoint}. A caller needs {@code GET_INSTANCE}
     * to read, and {@code MANAGE_INSTANCES} and the given actions to change.
     *
     * @param additionalActions further actions that a change needs
     */
    public PolicyOwnerAccess instanceOwners(Action... additionalActions) {
        return new PolicyOwnerAccess() {
            @Override
            public PolicyOwner ownerToRead(Caller caller, String id) {
                return PolicyOwner.instance(instance(caller, id, Action.GET_INSTANCE));
            }

            @Override
            public PolicyOwner ownerToChange(Caller caller, String id) {
                // MANAGE_INSTANCES is checked last, because the audit log names the action that was checked last.
                List.of(additionalActions).forEach(action -> instance(caller, id, action));
                return PolicyOwner.instance(instance(caller, id, Action.MANAGE_INSTANCES));
            }
        };
    }

    /**
     * Returns the access to the policies of projects, for {@link PolicyEndpoint}. A caller needs {@code GET_INSTANCE}
     * to read, and {@code MANAGE_INSTANCES} and the given actions to change.
     *
     * @param additionalActions further actions that a change needs
     */
    public PolicyOwnerAccess projectOwners(Action... additionalActions) {
        return new PolicyOwnerAccess() {
            @Override
            public PolicyOwner ownerToRead(Caller caller, String id) {
                return PolicyOwner.project(project(caller, id, Action.GET_INSTANCE));
            }

            @Override
            public PolicyOwner ownerToChange(Caller caller, String id) {
                // MANAGE_INSTANCES is checked last, because the audit log names the action that was checked last.
                List.of(additionalActions).forEach(caller::requireAction);
                return PolicyOwner.project(project(caller, id, Action.MANAGE_INSTANCES));
            }
        };
    }

    /**
     * Returns the owner of the policy that applies, as the API shows it: {@code instance}, {@code project} or {@code
     * none}.
     *
     * @param policy the policy that applies, or empty if there is none
     */
    public static String source(Optional<Policy> policy) {
        return policy.map(appliedPolicy -> appliedPolicy.ofInstance() ? "instance" : "project")
                .orElse("none");
    }
}
