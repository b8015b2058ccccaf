package io.keysweep.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes JSON documents: their values and fields ({@link #change}), or their text ({@link #changeText}). */
final class JsonMutator {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** A depth of nested arrays that is beyond the limits of parsers. */
    private static final int TOO_DEEP = 40_000;

    /** The greatest depth of a changed document, beyond which the library refuses to write it. */
    private static final int MAX_DEPTH = 400;

    private JsonMutator() {}

    /** Returns a copy of a document in which one field is replaced, removed, added, or nested in itself. */
    static JsonNode change(JsonNode document, Random random) {
        JsonNode copy = document.deepCopy();
        List<JsonNode> containers = new ArrayList<>();
        collect(copy, containers);
        if (containers.isEmpty()) {
            return HostileValues.json(random);
        }
        switch (containers.get(random.nextInt(containers.size()))) {
            case ObjectNode object -> change(object, random);
            case ArrayNode array -> change(array, random);
            default -> throw new IllegalStateException("not a container");
        }
        return depth(copy) > MAX_DEPTH ? document : copy;
    }

    /** Returns the number of levels of a document; 1 for a value without elements. */
    private static int depth(JsonNode node) {
        int depth = 0;
        for (JsonNode child : node) {
            depth = Math.max(depth, depth(child));
        }
        return depth + 1;
    }

    /** Adds all objects and arrays of a document to {@code containers}. */
    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    /** Removes, adds or replaces a field of an object. */
    private static void change(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.isEmpty() ? "unknown" : names.get(random.nextInt(names.size()));
        switch (random.nextInt(8)) {
            case 0 -> object.remove(name);
            case 1 -> object.set("unknown", HostileValues.json(random));
            case 2 -> object.set(HostileValues.text(random), HostileValues.json(random));
            case 3 -> object.set(name, object.deepCopy());
            case 4 -> object.putNull(name);
            default -> object.set(name, HostileValues.json(random));
        }
    }

    /** Adds or replaces an element of an array. */
    private static void change(ArrayNode array, Random random) {
        if (array.isEmpty() || random.nextBoolean()) {
            array.add(HostileValues.json(random));
        } else {
            array.set(random.nextInt(array.size()), HostileValues.json(random));
        }
    }

    /** Returns the text of a JSON document with one random change. The result is often not valid JSON. */
    static String changeText(JsonNode document, Random random) {
        String text = JSON.writeValueAsString(document);
        int position = random.nextInt(text.length() + 1);
        return switch (random.nextInt(13)) {
            case 0 -> text.substring(0, position);
            case 1 -> text.substring(0, position) + "," + text.substring(position);
            case 2 -> text + text;
            case 3 -> "\uFEFF" + text;
            case 4 -> text.replace('"', '\'');
            case 5 -> "/* comment */" + text;
            case 6 -> "[".repeat(TOO_DEEP);
            case 7 -> "{\"a\":".repeat(TOO_DEEP / 8) + "1" + "}".repeat(TOO_DEEP / 8);
            case 8 -> text.substring(0, position) + HostileValues.text(random) + text.substring(position);
            case 9 -> withFieldsTwice(document, text);
            case 10 -> "{\"name\":" + "9".repeat(2_000) + "e" + "9".repeat(20) + "}";
            case 11 -> "{\"name\":\"\\uD800\",\"uri\":\"\\u0000\"}";
            default -> yaml(document);
        };
    }

    /** Returns the text of an object with all its fields twice; other documents are not changed. */
    private static String withFieldsTwice(JsonNode document, String text) {
        return document.isObject() && !document.isEmpty()
                ? "{" + text.substring(1, text.length() - 1) + "," + text.substring(1)
                : text;
    }

    /** Returns YAML with an alias that stands for many values. */
    private static String yaml(JsonNode document) {
        StringBuilder yaml = new StringBuilder("a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n");
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            yaml.append(field.getKey())
                    .append(": ")
                    .append(JSON.writeValueAsString(field.getValue()))
                    .append('\n');
        }
        return yaml.toString();
    }
}
