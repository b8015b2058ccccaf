package io.keysweep.benchmarks.fuzz;

import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON values that a JSON schema allows, so that requests get past the first checks of an operation.
 *
 * <p>Some field names, such as {@code uri} and {@code instanceId}, get values that exist on the target. A schema such
 * as {@code {"$key": "token"}} names a value of {@link TargetValues}.
 */
final class SchemaSampler {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Actions that an access policy may allow. */
    private static final List<String> ACTIONS =
            List.of("dcs:instance:list", "keysweep:webhook:manage", "dcs:instance:get");

    /** The depth from which on all values are null, because a schema may refer to itself. */
    private static final int MAX_DEPTH = 12;

    /**
     * The number of different names. It is small, so that requests refer to resources that other requests have created.
     */
    private static final int NAMES = 8;

    private final JsonNode document;

    /**
     * Creates a sampler.
     *
     * @param document the OpenAPI document in which references are resolved
     */
    SchemaSampler(JsonNode document) {
        this.document = document;
    }

    /** Returns a value for a field or parameter with this name and schema. */
    JsonNode sample(String name, JsonNode schema, TargetValues target, Random random) {
        return sample(name, schema, target, random, /* depth= */ 0);
    }

    /** Returns a random value of the schema of the field {@code name}. */
    private JsonNode sample(String name, JsonNode raw, TargetValues target, Random random, int depth) {
        JsonNode schema = OpenApiOperations.resolve(document, raw);
        if (depth > MAX_DEPTH) {
            return NODES.nullNode();
        }
        for (String keyword : List.of("oneOf", "anyOf")) {
            if (schema.has(keyword)) {
                JsonNode choices = schema.get(keyword);
                return sample(name, choices.get(random.nextInt(choices.size())), target, random, depth + 1);
            }
        }
        if (schema.has("allOf")) {
            ObjectNode mergedObject = NODES.objectNode();
            for (JsonNode part : schema.get("allOf")) {
                if (sample(name, part, target, random, depth + 1) instanceof ObjectNode object) {
                    mergedObject.setAll(object);
                }
            }
            return mergedObject;
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        return switch (chooseType(schema, random)) {
            case "null" -> NODES.nullNode();
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(sampleInteger(schema, random));
            case "number" -> NODES.numberNode(random.nextInt(100) + 0.5);
            case "array" -> sampleArray(name, schema, target, random, depth);
            case "object" -> sampleObject(schema, target, random, depth);
            default -> NODES.stringNode(sampleText(name, schema, target, random));
        };
    }

    /** Returns the type of a schema. If several are possible, returns the first, and rarely another one. */
    private static String chooseType(JsonNode schema, Random random) {
        JsonNode type = schema.path("type");
        if (!type.isArray()) {
            return type.asString("string");
        }
        return type.get(random.nextInt(8) == 0 ? random.nextInt(type.size()) : 0)
                .asString();
    }

    /** Returns a random number within the limits of a schema, often one of the limits. */
    private static long sampleInteger(JsonNode schema, Random random) {
        long min = schema.path("minimum").asLong(0);
        long max = schema.path("maximum").asLong(100_000);
        return switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> min + Math.floorMod(random.nextLong(), Math.max(1, max - min));
        };
    }

    /** Returns an array with up to two elements more than a schema requires. */
    private ArrayNode sampleArray(String name, JsonNode schema, TargetValues target, Random random, int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = schema.path("minItems").asInt(0) + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            array.add(sample(name, schema.path("items"), target, random, depth + 1));
        }
        return array;
    }

    /** Returns an object with the required fields of a schema and some of the others. */
    private ObjectNode sampleObject(JsonNode schema, TargetValues target, Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        List<String> requiredNames = schema.path("required")
                .valueStream()
                .map(name -> name.asString(""))
                .toList();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (requiredNames.contains(property.getKey()) || random.nextInt(3) == 0) {
                object.set(
                        property.getKey(), sample(property.getKey(), property.getValue(), target, random, depth + 1));
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            object.set(
                    "key" + random.nextInt(4),
                    sample("value", schema.get("additionalProperties"), target, random, depth + 1));
        }
        return object;
    }

    /** Returns a random text for a field, if possible one that the service knows. */
    private static String sampleText(String name, JsonNode schema, TargetValues target, Random random) {
        String targetValue = valueOfTarget(schema.path("$key").asString(""), target, random);
        if (!targetValue.isEmpty()) {
            return targetValue;
        }
        if (name.equals("uri")) {
            return random.nextBoolean() ? target.serverUri() : "redis://127.0.0.1:1";
        }
        if (name.equals("url")) {
            return "http://127.0.0.1:1/hook-" + random.nextInt(NAMES);
        }
        if (name.equals("actions")) {
            return ACTIONS.get(random.nextInt(ACTIONS.size()));
        }
        if (name.endsWith("Id") || name.endsWith("_id")) {
            return target.id(name.replaceFirst("_?[Ii]d$", "s"), random);
        }
        return switch (schema.path("format").asString("")) {
            case "date-time" -> "2030-01-0" + (1 + random.nextInt(9)) + "T00:00:00Z";
            case "date" -> "2030-01-0" + (1 + random.nextInt(9));
            case "uuid" -> target.id("instances", random);
            default ->
                schema.has("examples") ? chooseExample(schema.get("examples"), random) : name + random.nextInt(NAMES);
        };
    }

    private static String chooseExample(JsonNode examples, Random random) {
        return examples.get(random.nextInt(examples.size())).asString("");
    }

    /** Returns the value of the target that a schema names; empty if it names none. */
    private static String valueOfTarget(String key, TargetValues target, Random random) {
        return switch (key) {
            case "accessKey" -> target.payloadKey().accessKey();
            case "secretKey" ->
                random.nextInt(4) == 0 ? "wrong" : target.payloadKey().secretKey();
            case "token" -> target.token();
            case "formToken" -> target.formToken();
            case "project" -> target.id("projects", random);
            default -> "";
        };
    }
}
