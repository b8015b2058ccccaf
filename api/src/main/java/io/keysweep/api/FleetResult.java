package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports what {@code POST /api/v1/instances/apply} has changed, or would change in a dry run.
 *
 * <p>The request contains a document that lists the instances of a project, with their settings.
 *
 * @param dryRun whether the request was a dry run, which changes nothing
 * @param changes one entry for each instance: first the instances of the document in its order, then the other
 *     instances of the project
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
     * @param action what happens to the instance: {@code created}, {@code changed}, {@code unchanged}, {@code removed},
     *     or {@code unmanaged} (the document does not name the instance, and the instance is not changed)
     * @param fields names of the changed fields: fields of {@link InstanceRegistration}, {@code schedule}, {@code
     *     windows} or {@code startPolicy}; empty if no field changes. Values are left out, as they can be secret
     */
    public record Change(String name, @Nullable String id, String action, List<String> fields) {

        public Change {
            fields = List.copyOf(fields);
        }
    }
}
