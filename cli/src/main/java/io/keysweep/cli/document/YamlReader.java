package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns YAML into JSON and keeps the lines. By the rules of YAML 1.2: {@code 22:00} is a text there and no number, and
 * {@code on} is no truth.
 */
final class YamlReader {

    private static final int MOST_CHARACTERS = 8 * 1024 * 1024;
    private static final int MOST_NODES = 1_000_000;
    private static final int DEEPEST = 50;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    YamlReader(String name) {
        this.name = name;
    }

    Map<String, Integer> lines() {
        return lines;
    }

    JsonNode read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(MOST_NODES)
                .build();
        try {
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new CommandFailure(ExitCode.USAGE, name + " is empty, must be YAML or JSON"));
            return json(root, "", 0);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark().map(mark -> ":" + line(mark)).orElse("");
            throw new CommandFailure(ExitCode.USAGE, name + place + ": no YAML or JSON: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new CommandFailure(ExitCode.USAGE, name + ": no YAML or JSON: " + e.getMessage(), e);
        }
    }

    private JsonNode json(Node node, String path, int depth) {
        nodes++;
        // An alias stands for all of what it names, so a short text may say endlessly much.
        if (nodes > MOST_NODES || depth > DEEPEST) {
            throw refused(node, "says too much, or is nested deeper than " + DEEPEST);
        }
        node.getStartMark().ifPresent(mark -> lines.putIfAbsent(path, line(mark)));
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> array(sequence, path, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw refused(node, "is of a kind that is not known here");
        };
    }

    private ObjectNode object(MappingNode mapping, String path, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw refused(field.getKeyNode(), "the name of a field must be a text");
            }
            String at = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (object.has(key.getValue())) {
                throw refused(key, at + " stands there twice");
            }
            key.getStartMark().ifPresent(mark -> lines.put(at, line(mark)));
            object.set(key.getValue(), json(field.getValueNode(), at, depth + 1));
        }
        return object;
    }

    private ArrayNode array(SequenceNode sequence, String path, int depth) {
        ArrayNode array = JSON.arrayNode();
        for (Node element : sequence.getValue()) {
            array.add(json(element, path + "[" + array.size() + "]", depth + 1));
        }
        return array;
    }

    private JsonNode scalar(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return JSON.numberNode(new BigInteger(text));
            }
            if (tag.equals(Tag.FLOAT)) {
                return JSON.numberNode(new BigDecimal(text));
            }
        } catch (NumberFormatException e) {
            // Hexadecimal, octal, infinity: none of it is a number of JSON, so the text stands.
        }
        return JSON.stringNode(text);
    }

    private CommandFailure refused(Node node, String why) {
        String place = node.getStartMark().map(mark -> ":" + line(mark)).orElse("");
        return new CommandFailure(ExitCode.USAGE, name + place + ": " + why);
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
