package io.keysweep.server.audit;

import io.keysweep.engine.text.ForeignText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Identifies a resource in the audit log: an object of the service that a call concerns or changes.
 *
 * <p>All texts except the kind are made printable, and cut to {@value #MAX_LENGTH} characters.
 *
 * @param kind kind of the resource, such as {@code instance}
 * @param id id of the resource; null if the call does not name one
 * @param name name of the resource; null if it has none or is not known
 * @param project id of the project that the resource belongs to; null for none
 * @param instance id of the instance that the resource belongs to; null for none
 */
public record AuditResource(
        String kind,
        @Nullable String id,
        @Nullable String name,
        @Nullable String project,
        @Nullable String instance) {

    /** The maximum number of characters of a text, less than the smallest column holds. */
    private static final int MAX_LENGTH = 150;

    public AuditResource {
        id = toStorable(id);
        name = toStorable(name);
        project = toStorable(project);
        instance = toStorable(instance);
    }

    /** Creates a resource that belongs to no instance, or is an instance itself. */
    public AuditResource(String kind, @Nullable String id, @Nullable String name, @Nullable String project) {
        this(kind, id, name, project, /* instance= */ null);
    }

    /**
     * Returns a text that every database can store, because the id is a part of the path and can contain anything if
     * the call is refused.
     */
    private static @Nullable String toStorable(@Nullable String text) {
        return text == null ? null : ForeignText.lineWithin(text, MAX_LENGTH);
    }

    /** Adds the fields to a JSON object, except fields that are null. */
    void writeTo(ObjectNode node) {
        node.put("kind", kind);
        AuditCall.put(node, "id", id);
        AuditCall.put(node, "name", name);
        AuditCall.put(node, "project", project);
        AuditCall.put(node, "instance", instance);
    }
}
