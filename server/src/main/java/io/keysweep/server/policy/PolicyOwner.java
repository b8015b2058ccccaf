package io.keysweep.server.policy;

import io.keysweep.server.instance.Instance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names the project or the instance that owns a policy.
 *
 * @param projectId the project that owns the default, or that the instance belongs to
 * @param instanceId the instance that owns the exception, or null if the project is the owner
 */
public record PolicyOwner(String projectId, @Nullable UUID instanceId) {

    /** Returns a project as the owner of its default. */
    public static PolicyOwner project(String projectId) {
        return new PolicyOwner(projectId, null);
    }

    /** Returns an instance as the owner of its exception. */
    public static PolicyOwner instance(Instance instance) {
        return new PolicyOwner(instance.projectId(), instance.id());
    }

    /** Returns the table that stores the policies of such owners. */
    String table() {
        return instanceId == null ? "project_policy" : "instance_policy";
    }

    /** Returns the column of {@link #table()} that names the owner. */
    String column() {
        return instanceId == null ? "project_id" : "instance_id";
    }

    /** Returns the value of {@link #column()} for this owner. */
    Object id() {
        return instanceId == null ? projectId : instanceId;
    }
}
