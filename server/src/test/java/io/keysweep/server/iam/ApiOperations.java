package io.keysweep.server.iam;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists the operations of the native API, from its OpenAPI document, and of the DCS API, from a table in the docs. */
final class ApiOperations {

    private static final Path DCS_DOCS = Path.of("..", "docs", "dcs-compatibility.md");
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    /** Matches a line of the table: name, method, path and action. */
    private static final Pattern DCS_ROW =
            Pattern.compile("\\| (\\w+)[^|]*\\| `([A-Z]+) (/v2/\\S+)` \\| `([a-zA-Z:]+)` \\|");

    /** Matches the part of a summary that names the needed action, such as "Needs keysweep:audit:read." */
    private static final Pattern NEEDS = Pattern.compile("Needs ((?:keysweep|dcs):[a-zA-Z-]+:[a-zA-Z]+)");

    private static final JsonNode DOCUMENT = readDocument();
    private static final Map<String, ApiOperation> NATIVE_OPERATIONS = readOpenApi();
    private static final Map<String, ApiOperation> DCS_OPERATIONS = readDcs();

    private ApiOperations() {}

    /** Contains the method and the path of an operation. The path has variables such as {@code {id}}. */
    record ApiOperation(String method, String path) {}

    /** Returns the operations of the native API by {@code operationId}. */
    static Map<String, ApiOperation> nativeOperations() {
        return NATIVE_OPERATIONS;
    }

    private static Map<String, ApiOperation> readOpenApi() {
        Map<String, ApiOperation> operations = new TreeMap<>();
        DOCUMENT.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> operations.put(
                                operation.getValue().get("operationId").asString(),
                                new ApiOperation(operation.getKey().toUpperCase(Locale.ROOT), path.getKey()))));
        return operations;
    }

    /** Returns the action that the summary of an operation of the native API names first, by {@code operationId}. */
    static Map<String, String> summaryActions() {
        Map<String, String> actions = new TreeMap<>();
        for (JsonNode operation : DOCUMENT.findParents("operationId")) {
            NEEDS.matcher(operation.get("summary").asString())
                    .results()
                    .limit(1)
                    .forEach(needs -> actions.put(operation.get("operationId").asString(), needs.group(1)));
        }
        return actions;
    }

    private static JsonNode readDocument() {
        try (InputStream yaml = new ClassPathResource("openapi/v1.yaml").getInputStream()) {
            return JsonMapper.shared().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the operations of the DCS API by name. */
    static Map<String, ApiOperation> dcsOperations() {
        return DCS_OPERATIONS;
    }

    private static Map<String, ApiOperation> readDcs() {
        return dcsRows().stream()
                .collect(Collectors.toMap(row -> row.group(1), row -> new ApiOperation(row.group(2), row.group(3))));
    }

    /** Returns the actions that the table of the DCS operations names, by the name of the operation. */
    static Map<String, String> dcsActions() {
        return dcsRows().stream().collect(Collectors.toMap(row -> row.group(1), row -> row.group(4)));
    }

    private static List<MatchResult> dcsRows() {
        try {
            return DCS_ROW.matcher(Files.readString(DCS_DOCS)).results().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the operation of a line of the permission matrix. */
    static ApiOperation operation(PermissionRow row) {
        int blank = row.operation().indexOf(' ');
        if (blank > 0) {
            return new ApiOperation(
                    row.operation().substring(0, blank), row.operation().substring(blank + 1));
        }
        ApiOperation found =
                nativeOperations().getOrDefault(row.operation(), dcsOperations().get(row.operation()));
        if (found == null) {
            throw new IllegalArgumentException("no document describes the operation " + row.operation());
        }
        return found;
    }
}
