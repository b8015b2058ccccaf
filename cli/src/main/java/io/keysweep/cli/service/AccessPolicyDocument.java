package io.keysweep.cli.service;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces the names of instances in the document of an access policy by their ids.
 *
 * <p>This class is apart from the command, because picocli loads the types of all methods of a command, even for
 * {@code --help}. A method with a JSON type would make each start load the JSON library.
 */
final class AccessPolicyDocument {

    private AccessPolicyDocument() {}

    /**
     * Returns a copy of the document in which ids replace the names of instances. Parts that do not have the form of a
     * policy are not changed, so that the service reports them.
     */
    static JsonNode withIds(JsonNode document, IdResolver resolver) throws InterruptedException {
        JsonNode documentWithIds = document.deepCopy();
        for (JsonNode statement : documentWithIds.path("statements")) {
            if (statement instanceof ObjectNode object && object.get("instances") instanceof ArrayNode instances) {
                for (int i = 0; i < instances.size(); i++) {
                    JsonNode instance = instances.get(i);
                    if (instance.isString()) {
                        instances.set(i, resolver.instanceId(instance.stringValue()));
                    }
                }
            }
        }
        return documentWithIds;
    }
}
