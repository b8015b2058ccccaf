package io.keysweep.server.audit;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Describes how a call has changed the fields of one resource.
 *
 * <p>In both maps, a null value says that the resource did not have the field at that time.
 *
 * @param resource the resource
 * @param before earlier values of the changed fields by name; null for a new resource
 * @param after new values of the changed fields by name; null for a removed resource
 */
record AuditChange(
        AuditResource resource,
        @Nullable Map<String, @Nullable Object> before,
        @Nullable Map<String, @Nullable Object> after) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final AuditFields NOTHING = new AuditFields();

    /**
     * Compares a resource before and after a change.
     *
     * @param before all fields before the change; null for a new resource
     * @param after all fields after the change; null for a removed resource
     */
    static AuditChange of(AuditResource resource, @Nullable AuditFields before, @Nullable AuditFields after) {
        return new AuditChange(
                resource,
                before == null ? null : before.differing(after == null ? NOTHING : after),
                after == null ? null : after.differing(before == null ? NOTHING : before));
    }

    /** Returns the change as JSON: one element of the list {@code changes} in an entry of the audit log. */
    ObjectNode toJson() {
        ObjectNode node = JSON.createObjectNode();
        resource.writeTo(node.putObject("resource"));
        if (before != null) {
            node.set("before", JSON.valueToTree(before));
        }
        if (after != null) {
            node.set("after", JSON.valueToTree(after));
        }
        return node;
    }
}
