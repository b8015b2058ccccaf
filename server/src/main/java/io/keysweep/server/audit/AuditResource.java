package io.keysweep.server.audit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Identifies a resource in the audit log.
 *
 * @param kind kind of the resource, such as {@code instance}
 * @param id its id; null if the call does not name one
 * @param name its name; null if it has none
 * @param project id of the project that it belongs to; null for none
 */
public record AuditResource(
        String kind,
        @Nullable String id,
        @Nullable String name,
        @Nullable String project) {

    private static final int MAX_ID_LENGTH = 200;

    public AuditResource {
        // A path can contain anything as an id.
        id = id != null && id.length() > MAX_ID_LENGTH ? id.substring(0, MAX_ID_LENGTH) + "…" : id;
    }

    /** Adds the fields to a JSON object, except those that are null. */
    void writeTo(ObjectNode node) {
        node.put("kind", kind);
        AuditCall.put(node, "id", id);
        AuditCall.put(node, "name", name);
        AuditCall.put(node, "project", project);
    }
}
