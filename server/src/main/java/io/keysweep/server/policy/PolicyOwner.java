package io.keysweep.server.policy;

import io.keysweep.server.instance.Instance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose policy it is.
 *
 * @param projectId the project that sets it as its default, or that the instance belongs to
 * @param instanceId the instance whose exception it is, or null for the default of the project
 */
public record PolicyOwner(String projectId, @Nullable UUID instanceId) {

    /** A project, with its default. */
    public static PolicyOwner project(String projectId) {
        return new PolicyOwner(projectId, null);
    }

    /** An instance, with its exception. */
    public static PolicyOwner instance(Instance instance) {
        return new PolicyOwner(instance.projectId(), instance.id());
    }

    /** Where policies of such owners are kept. */
    String table() {
        return instanceId == null ? "project_policy" : "instance_policy";
    }

    /** The column that names the owner there. */
    String column() {
        return instanceId == null ? "project_id" : "instance_id";
    }

    /** The table that the owner itself stands in. */
    String ownTable() {
        return instanceId == null ? "project" : "instance";
    }

    /** What stands in {@link #column()}. */
    Object id() {
        return instanceId == null ? projectId : instanceId;
    }
}
