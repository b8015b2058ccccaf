package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports what {@code POST /api/v1/instances/apply} has changed, or would change.
 *
 * @param dryRun whether the request was a dry run, which changes nothing
 * @param changes one entry for each instance: first in the document's order, then instances that the document does not
 *     name
 */
public record FleetResult(boolean dryRun, List<Change> changes) {

    public FleetResult {
        changes = List.copyOf(changes);
    }

    /**
     * Reports what has changed, or would change, in one instance.
     *
     * @param name name of the instance
     * @param id id of the instance; null if a dry run would create the instance
     * @param action {@code created}, {@code changed}, {@code unchanged}, {@code removed}, or {@code unmanaged} if the
     *     document does not name the instance and the instance stays
     * @param fields names of the changed fields: fields of {@link InstanceRegistration}, {@code schedule}, {@code
     *     windows} or {@code startPolicy}; never their values
     */
    public record Change(String name, @Nullable String id, String action, List<String> fields) {

        public Change {
            fields = List.copyOf(fields);
        }
    }
}
