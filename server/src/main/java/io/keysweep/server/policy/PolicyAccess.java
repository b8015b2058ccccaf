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

/** The checks that every operation on a policy makes on its path, and whose policy was found. */
@Component
public class PolicyAccess {

    private final InstanceStore instances;

    PolicyAccess(InstanceStore instances) {
        this.instances = instances;
    }

    /**
     * The caller's own project, and what the caller may do there.
     *
     * @throws RequestRefusedException if it is another's, or the caller may not
     */
    public String project(Caller caller, String id, Action action) {
        if (!id.equals(caller.projectId())) {
            throw RequestRefusedException.of(ErrorCode.WRONG_PROJECT);
        }
        caller.require(action);
        return id;
    }

    /**
     * An instance of the caller's project.
     *
     * @throws RequestRefusedException if there is none, or the caller may not
     */
    public Instance instance(Caller caller, String id, Action action) {
        caller.require(action);
        return InstanceId.parse(id)
                .flatMap(uuid -> instances.find(caller.projectId(), uuid))
                .orElseThrow(() -> RequestRefusedException.of(ErrorCode.UNKNOWN_INSTANCE));
    }

    /** Whose policy it is: {@code instance}, {@code project} or {@code none}. */
    public static String source(Optional<Policy> found) {
        return found.map(policy -> policy.ofInstance() ? "instance" : "project").orElse("none");
    }
}
