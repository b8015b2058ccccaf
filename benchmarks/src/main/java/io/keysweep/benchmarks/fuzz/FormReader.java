package io.keysweep.benchmarks.fuzz;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds what the fuzz test can call in a page of the web console: the page itself (GET), and each of its forms (POST).
 */
final class FormReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern FORM =
            Pattern.compile("<form\\b([^>]*\\bmethod=\"post\"[^>]*)>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern ACTION = Pattern.compile("\\baction=\"([^\"]+)\"");
    private static final Pattern FIELD =
            Pattern.compile("<(?:input|textarea|select)\\b[^>]*\\bname=\"([^\"]+)\"[^>]*>");
    private static final Pattern VALUE = Pattern.compile("\\bvalue=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?=/|$)");

    /**
     * Form fields that need a real value of the service under test, such as its CSRF token. Maps the name of the field
     * to the name under which {@link SchemaSampler} finds the value.
     */
    private static final Map<String, String> REAL_VALUES =
            Map.of("_csrf", "formToken", "accessKey", "accessKey", "secretKey", "secretKey");

    private FormReader() {}

    /** Returns the operation that shows a page. */
    static FuzzedOperation page(String link) {
        int query = link.indexOf('?');
        Map<String, JsonNode> parameters = new TreeMap<>();
        if (query >= 0) {
            for (String pair : link.substring(query + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                parameters.put(parts[0], textSchema(parts.length == 2 ? parts[1] : ""));
            }
        }
        String path = query < 0 ? link : link.substring(0, query);
        return new FuzzedOperation("GET", template(path), parameters, Map.of(), /* body= */ null, /* form= */ false);
    }

    /** Returns the operations that the forms of a page call. */
    static List<FuzzedOperation> forms(String page) {
        return FORM.matcher(page)
                .results()
                .filter(form -> ACTION.matcher(form.group(1)).find())
                .map(form -> toOperation(form.group(1), form.group(2)))
                .toList();
    }

    /** Returns the operation that a form calls, by the attributes of the form and the HTML within it. */
    private static FuzzedOperation toOperation(String attributes, String content) {
        Matcher action = ACTION.matcher(attributes);
        String path = action.find() ? action.group(1) : "/console";
        ObjectNode schema = NODES.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode requiredNames = schema.putArray("required");
        FIELD.matcher(content).results().forEach(field -> {
            Matcher value = VALUE.matcher(field.group());
            properties.set(field.group(1), fieldSchema(field.group(1), value.find() ? value.group(1) : ""));
            requiredNames.add(field.group(1));
        });
        return new FuzzedOperation("POST", template(path), Map.of(), Map.of(), schema, /* form= */ true);
    }

    /**
     * Returns the schema of a form field, with the value on the page as its example. A field of {@link #REAL_VALUES}
     * instead gets a schema with {@code $key}, which {@link SchemaSampler} replaces by the real value.
     */
    private static JsonNode fieldSchema(String name, String value) {
        String targetKey = REAL_VALUES.get(name);
        return targetKey == null ? textSchema(value) : NODES.objectNode().put("$key", targetKey);
    }

    private static JsonNode textSchema(String value) {
        ObjectNode schema = NODES.objectNode().put("type", "string");
        if (!value.isEmpty()) {
            schema.putArray("examples").add(value);
        }
        return schema;
    }

    /** Returns a path with variables instead of ids. */
    private static String template(String path) {
        return ID.matcher(path).replaceAll("/{id}");
    }
}
