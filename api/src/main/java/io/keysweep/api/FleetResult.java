package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /api/v1/instances/apply} has changed, or would change.
 *
 * @param dryRun whether nothing was changed
 * @param changes one an instance, in the document's order, and then those that the document does not name
 */
public record FleetResult(boolean dryRun, List<Change> changes) {

    public FleetResult {
        changes = List.copyOf(changes);
    }

    /**
     * What becomes of one instance.
     *
     * @param name its name
     * @param id its id; null of one that a dry run would create
     * @param action {@code created}, {@code changed}, {@code unchanged}, {@code removed}, or {@code unmanaged}: not in the
     *     document and left alone
     * @param fields what is another: fields as a registration names them, {@code schedule}, {@code windows}, {@code
     *     startPolicy}; never a value
     */
    public record Change(String name, @Nullable String id, String action, List<String> fields) {

        public Change {
            fields = List.copyOf(fields);
        }
    }
}
