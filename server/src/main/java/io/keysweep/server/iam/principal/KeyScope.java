package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.iam.Project;
import org.jspecify.annotations.Nullable;

/**
 * Describes the access keys that a caller may manage: all keys of a project, or only the keys that the caller owns as a
 * user.
 *
 * @param project project of the keys
 * @param owner name of the user who owns the keys; null for all keys of the project
 */
record KeyScope(Project project, @Nullable String owner) {

    /** Returns whether the caller may manage a key of this project. Does not check the project of the key. */
    boolean coversOwner(AccessKeyView key) {
        return owner == null || owner.equals(key.userId());
    }

    /** Returns whether the caller may manage a key; false if it belongs to another project. */
    boolean covers(AccessKey key) {
        return key.projectId().equals(project.id()) && (owner == null || owner.equals(key.owner()));
    }
}
