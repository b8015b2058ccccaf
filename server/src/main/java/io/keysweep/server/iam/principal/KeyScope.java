package io.keysweep.server.iam.principal;

import io.keysweep.api.AccessKeyView;
import io.keysweep.server.iam.Project;
import org.jspecify.annotations.Nullable;

/**
 * Describes which access keys a request concerns: all of a project, or those of the user who calls.
 *
 * @param project project of the keys
 * @param owner name of the user whose keys these are; null for all keys of the project
 */
record KeyScope(Project project, @Nullable String owner) {

    /** Returns whether a key of the project is among them. */
    boolean covers(AccessKeyView key) {
        return owner == null || owner.equals(key.userId());
    }

    /** Returns whether a key of any project is among them. */
    boolean covers(AccessKey key) {
        return key.projectId().equals(project.id()) && (owner == null || owner.equals(key.owner()));
    }
}
