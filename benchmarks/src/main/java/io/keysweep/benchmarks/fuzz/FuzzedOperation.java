package io.keysweep.benchmarks.fuzz;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes an operation of the service from which requests are made.
 *
 * @param method the HTTP method, such as {@code GET}
 * @param path the path with variables, such as {@code /api/v1/scans/{id}}
 * @param query the JSON schemas of the query parameters, by name
 * @param headers the JSON schemas of the headers that the operation reads, by name
 * @param body the JSON schema of the body; null if there is none
 * @param form whether the body is a form of the console and not JSON
 */
record FuzzedOperation(
        String method,
        String path,
        Map<String, JsonNode> query,
        Map<String, JsonNode> headers,
        @Nullable JsonNode body,
        boolean form) {

    FuzzedOperation {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** Returns whether the operation belongs to the web console. */
    boolean isConsole() {
        return path.equals("/console") || path.startsWith("/console/");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
