package io.keysweep.server.policy;

import io.keysweep.server.instance.Instance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names the project or the instance that a policy belongs to, and the SQL table of such policies.
 *
 * <p>A policy is a document of settings that a project sets as the default or an instance as its exception.
 *
 * @param projectId the project that owns the policy, or to which the instance belongs
 * @param instanceId the instance that owns the policy, or null if the project owns it
 */
public record PolicyOwner(String projectId, @Nullable UUID instanceId) {

    /** Returns the owner of a project's default. */
    public static PolicyOwner project(String projectId) {
        return new PolicyOwner(projectId, /* instanceId= */ null);
    }

    /** Returns the owner of an instance's exception. */
    public static PolicyOwner instance(Instance instance) {
        return new PolicyOwner(instance.projectId(), instance.id());
    }

    /**
     * Returns the table that stores the policies of such owners: one table is for projects, the other for instances.
     */
    String table() {
        return instanceId == null ? "project_policy" : "instance_policy";
    }

    /** Returns the column of {@link #table()} that contains the id of the owner. */
    String column() {
        return instanceId == null ? "project_id" : "instance_id";
    }

    /**
     * Returns an SQL condition with its {@code where}, which matches the owner's policy of one kind in {@link
     * #table()}. Its parameters are {@code owner} and {@code kind}.
     */
    String condition() {
        return " where " + column() + " = :owner and kind = :kind";
    }

    /** Returns the id of the owner: a text for a project, a UUID for an instance. */
    Object id() {
        return instanceId == null ? projectId : instanceId;
    }
}
