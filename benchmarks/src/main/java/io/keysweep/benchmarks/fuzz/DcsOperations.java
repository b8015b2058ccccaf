package io.keysweep.benchmarks.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the operations of the DCS API from the table in its documentation.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The class adds operations that no document describes: the operations of the Identity API, and pages such as
 * {@code /livez} and {@code /metrics}.
 */
final class DcsOperations {

    /** Matches a line of the table: the method and the path of an operation. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| \\w+[^|]*\\| `([A-Z]+) (/v2/\\S+)` \\|");

    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /** The names of query parameters; the table does not list them. */
    private static final List<String> QUERY = List.of(
            "offset",
            "limit",
            "status",
            "name",
            "name_equal",
            "instance_id",
            "ip",
            "tags",
            "capacity",
            "enterprise_project_id",
            "include_failure",
            "include_delete");

    /** The body of UpdateExpireAutoScanConfig; the table does not describe bodies. */
    private static final String BODY = """
            {"type": "object", "required": ["enable_auto_scan"], "properties": {
              "enable_auto_scan": {"type": "boolean"},
              "first_scan_at": {"type": "string", "format": "date-time"},
              "interval": {"type": "integer", "minimum": 0, "maximum": 864000},
              "timeout": {"type": "integer", "minimum": 2, "maximum": 1728000},
              "scan_keys_count": {"type": "integer", "minimum": 10, "maximum": 1000}}}""";

    /** The body that requests a token. The names of the fields choose the values, see {@link SchemaSampler}. */
    private static final String TOKEN_BODY = """
            {"type": "object", "required": ["auth"], "properties": {
              "auth": {"type": "object", "required": ["identity"], "properties": {
                "identity": {"type": "object", "properties": {
                  "methods": {"type": "array", "items": {"enum": ["hw_ak_sk", "token", "password"]}},
                  "hw_ak_sk": {"type": "object", "required": ["access", "secret"], "properties": {
                    "access": {"type": "object", "required": ["key"], "properties": {"key": {"$key": "accessKey"}}},
                    "secret": {"type": "object", "required": ["key"], "properties": {"key": {"$key": "secretKey"}}}}},
                  "application_credential": {"type": "object", "required": ["id", "secret"], "properties": {
                    "id": {"$key": "accessKey"}, "secret": {"$key": "secretKey"}}},
                  "password": {"type": "object", "properties": {"user": {"type": "object", "properties": {
                    "name": {"$key": "accessKey"}, "password": {"$key": "secretKey"}}}}},
                  "token": {"type": "object", "properties": {"id": {"$key": "token"}}}}},
                "scope": {"type": "object", "properties": {
                  "project": {"type": "object", "properties": {
                    "id": {"$key": "project"}, "name": {"type": "string"}}}}}}}}}""";

    private static final List<String> IDENTITY_PATHS = List.of(
            "/v3",
            "/v3/",
            "/v3/auth/tokens",
            "/v3/projects",
            "/v3/projects/{id}",
            "/v3/auth/projects",
            "/v3/auth/domains",
            "/v3/auth/catalog",
            "/v3/services",
            "/v3/endpoints");

    private static final List<String> PAGES =
            List.of("/", "/livez", "/readyz", "/metrics", "/error", "/api/v1/unknown");

    private DcsOperations() {}

    /**
     * Returns the operations of the DCS API and of the Identity API, and pages such as {@code /livez}.
     *
     * @param table the documentation, {@code docs/dcs-compatibility.md}
     * @throws IllegalStateException if the documentation has no table of operations
     */
    static List<FuzzedOperation> read(Path table) throws IOException {
        List<FuzzedOperation> operations = new ArrayList<>(ofTable(Files.readString(table)));
        if (operations.isEmpty()) {
            throw new IllegalStateException("no table of operations in " + table);
        }
        JsonNode text = schema("{\"type\": \"string\"}");
        operations.add(new FuzzedOperation(
                "POST", "/v3/auth/tokens", Map.of("nocatalog", text), Map.of(), schema(TOKEN_BODY), /* form= */ false));
        Stream.concat(IDENTITY_PATHS.stream(), PAGES.stream())
                .map(path -> new FuzzedOperation(
                        "GET",
                        path,
                        Map.of("name", text),
                        Map.of("X-Subject-Token", text),
                        /* body= */ null,
                        /* form= */ false))
                .forEach(operations::add);
        return List.copyOf(operations);
    }

    /** Returns the operations in the table of the documentation. */
    private static List<FuzzedOperation> ofTable(String text) {
        Map<String, JsonNode> query = new TreeMap<>();
        QUERY.forEach(name -> query.put(name, schema("{\"type\": \"string\"}")));
        return ROW.matcher(text)
                .results()
                .map(row -> new FuzzedOperation(
                        row.group(1),
                        row.group(2),
                        row.group(1).equals("GET") ? query : Map.of(),
                        Map.of("X-Project-Id", schema("{\"$key\": \"project\"}")),
                        bodySchema(row.group(1)),
                        /* form= */ false))
                .toList();
    }

    private static @Nullable JsonNode bodySchema(String method) {
        return METHODS_WITH_BODY.contains(method) ? schema(BODY) : null;
    }

    private static JsonNode schema(String json) {
        return JsonMapper.shared().readTree(json);
    }
}
