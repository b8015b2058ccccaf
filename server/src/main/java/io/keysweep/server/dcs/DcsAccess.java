package io.keysweep.server.dcs;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.ProjectId;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceAccess;
import io.keysweep.server.instance.InstanceId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Checks the path of every DCS operation and finds the instance that the path names.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The order of the checks decides which error code a client gets. It is always:
 *
 * <ol>
 *   <li>the form of the project id;
 *   <li>the project of the caller;
 *   <li>the project of the header;
 *   <li>whether the caller has the action on at least one instance of the project;
 *   <li>the form of the instance id;
 *   <li>whether the instance exists, and whether the caller has the action on it.
 * </ol>
 *
 * <p>An instance of another project is refused like an instance that does not exist. Thread-safe.
 */
@Component
final class DcsAccess {

    /** The header in which every SDK repeats the project of the path; other clients may leave it out. */
    private static final String PROJECT_HEADER = "X-Project-Id";

    private final InstanceAccess instances;
    /** Provides the request that the calling thread handles. */
    private final ObjectProvider<HttpServletRequest> requests;

    DcsAccess(InstanceAccess instances, ObjectProvider<HttpServletRequest> requests) {
        this.instances = instances;
        this.requests = requests;
    }

    /**
     * Checks the project id in the path and in the header X-Project-Id. Also checks that the caller has an action on at
     * least one instance of the project. Instances without the action are left out by {@link #list}, and refused by
     * {@link #requireInstance}.
     *
     * @param projectId the project id in the path, with or without dashes
     * @throws RequestRefusedException if a check fails
     */
    private void requireProject(Caller caller, String projectId, Action action) {
        String id = ProjectId.parse(projectId)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.MALFORMED_PROJECT_ID, "A project ID is " + ProjectId.RULE + "."));
        if (!id.equals(caller.projectId())) {
            throw RequestRefusedException.of(
                    ErrorCode.WRONG_PROJECT,
                    "The path names project " + projectId + ", access key " + caller.accessKey() + " acts for project "
                            + caller.projectId() + ".");
        }
        for (String header : Collections.list(requests.getObject().getHeaders(PROJECT_HEADER))) {
            if (!ProjectId.parse(header.strip()).equals(Optional.of(id))) {
                throw RequestRefusedException.of(
                        ErrorCode.WRONG_PROJECT,
                        FieldProblem.of(PROJECT_HEADER, header, "the project of the path, " + projectId)
                                .sentence());
            }
        }
        caller.requireActionSomewhere(action);
    }

    /** Returns the instances on which the caller has an action, ordered by name, after the checks of the path. */
    List<Instance> list(Caller caller, String projectId, Action action) {
        requireProject(caller, projectId, action);
        return instances.list(caller, action);
    }

    /**
     * Checks the project id and the instance id in the path, and that the caller has an action; returns the instance.
     *
     * @throws RequestRefusedException if a check fails, or if the caller's project has no such instance
     */
    Instance requireInstance(Caller caller, String projectId, String instanceId, Action action) {
        requireProject(caller, projectId, action);
        UUID id = InstanceId.parse(instanceId)
                .orElseThrow(() -> RequestRefusedException.of(
                        ErrorCode.MALFORMED_INSTANCE_ID,
                        FieldProblem.of("instance_id", instanceId, "a UUID of 36 characters")
                                .sentence()));
        return instances.require(caller, id, action);
    }
}
