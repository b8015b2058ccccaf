package io.keysweep.cli.service;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces the names of instances in the document of an access policy by their ids.
 *
 * <p>It is a class of its own, because picocli looks at all methods of a command even for {@code --help}, and a method
 * with a JSON type would make each start load the JSON library.
 */
final class AccessPolicyDocument {

    private AccessPolicyDocument() {}

    /** Returns a document with the ids of the instances that it names. What is not of the form stays. */
    static JsonNode withIds(JsonNode document, Names names) throws InterruptedException {
        JsonNode changed = document.deepCopy();
        for (JsonNode statement : changed.path("statements")) {
            if (statement instanceof ObjectNode object && object.get("instances") instanceof ArrayNode instances) {
                for (int i = 0; i < instances.size(); i++) {
                    JsonNode instance = instances.get(i);
                    if (instance.isString()) {
                        instances.set(i, names.instance(instance.stringValue()));
                    }
                }
            }
        }
        return changed;
    }
}
