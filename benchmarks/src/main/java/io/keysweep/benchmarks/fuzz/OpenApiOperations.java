package io.keysweep.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the operations of the native API from the OpenAPI document that the service serves. */
final class OpenApiOperations {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private OpenApiOperations() {}

    /** Returns all operations of the document, in its order. */
    static List<FuzzedOperation> read(JsonNode document) {
        List<FuzzedOperation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    operations.add(new FuzzedOperation(
                            operation.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            parameters(document, operation.getValue(), "query"),
                            parameters(document, operation.getValue(), "header"),
                            body(document, operation.getValue()),
                            /* form= */ false));
                }
            }
        }
        return List.copyOf(operations);
    }

    /** Returns the schemas of an operation's parameters in one place, {@code query} or {@code header}, by name. */
    private static Map<String, JsonNode> parameters(JsonNode document, JsonNode operation, String place) {
        Map<String, JsonNode> schemas = new TreeMap<>();
        for (JsonNode parameter : operation.path("parameters")) {
            JsonNode resolvedParameter = resolve(document, parameter);
            if (resolvedParameter.path("in").asString("").equals(place)) {
                schemas.put(resolvedParameter.path("name").asString(""), resolvedParameter.path("schema"));
            }
        }
        return schemas;
    }

    /** Returns the schema of the JSON body of an operation; null if it takes no body. */
    private static @Nullable JsonNode body(JsonNode document, JsonNode operation) {
        if (!operation.has("requestBody")) {
            return null;
        }
        return resolve(document, operation.path("requestBody"))
                .path("content")
                .path("application/json")
                .path("schema");
    }

    /** Returns the node that a reference within the document names, or the node itself if it is not a reference. */
    static JsonNode resolve(JsonNode document, JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isString() ? document.at(reference.asString().substring(1)) : node;
    }
}
