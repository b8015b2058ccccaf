package io.keysweep.cli.document;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
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
 * Converts a YAML text to a JSON tree for {@link DocumentFile} and keeps the line of each field. It follows YAML 1.2,
 * in which {@code 22:00} is a text rather than a number, and {@code on} a text rather than a boolean.
 */
final class YamlReader {

    // The limits protect the command from a document that would fill the memory. MAX_NODES and MAX_DEPTH hold after
    // aliases are expanded.
    private static final int MAX_CHARACTERS = 8 * 1024 * 1024;
    private static final int MAX_NODES = 1_000_000;
    private static final int MAX_DEPTH = 50;

    /** The most characters of all texts and paths together, after aliases are expanded. */
    private static final long MAX_EXPANDED_CHARACTERS = 8L * MAX_CHARACTERS;

    /** The tags of YAML's core schema; any other tag asks for something that a document of Keysweep does not have. */
    private static final Set<Tag> TAGS = Set.of(Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.STR, Tag.MAP, Tag.SEQ);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The name of the document in messages. */
    private final String name;

    private final Map<String, Integer> lines = new HashMap<>();

    /** Number of nodes converted so far; a node counts again for each alias. */
    private int nodeCount;

    /** Number of characters of all texts and paths converted so far. */
    private long characterCount;

    YamlReader(String name) {
        this.name = name;
    }

    /** Returns the line, from 1, of each field of the document, by paths such as {@code instances[2].uri}. */
    Map<String, Integer> lines() {
        return lines;
    }

    /**
     * Converts a text. Must be called only once, because the reader keeps the lines and counts of the text.
     *
     * @throws CommandFailure if the text is empty, malformed, too large or nested too deeply, if a field occurs twice,
     *     or if it has a tag that is not supported; the message names the line if it is known
     */
    JsonNode read(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(MAX_CHARACTERS)
                .setMaxAliasesForCollections(MAX_NODES)
                .build();
        try {
            refuseDeepNesting(settings, text);
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new CommandFailure(ExitCode.USAGE, name + " is empty, must be YAML or JSON"));
            return json(root, /* path= */ "", /* depth= */ 0);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark().map(mark -> ":" + line(mark)).orElse("");
            throw new CommandFailure(ExitCode.USAGE, name + place + ": not YAML or JSON: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new CommandFailure(ExitCode.USAGE, name + ": not YAML or JSON: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses deep nesting before the composer reads the text. The composer calls itself for each level and could
     * overflow the stack.
     */
    private void refuseDeepNesting(LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > MAX_DEPTH) {
                throw refusal(event.getStartMark(), "is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
    }

    /** Converts a node with all nodes below it, and records its line under its path. */
    private JsonNode json(Node node, String path, int depth) {
        nodeCount++;
        characterCount += path.length()
                + (node instanceof ScalarNode scalar ? scalar.getValue().length() : 0);
        // The limits are necessary because aliases are expanded. A short text can therefore be a huge document.
        boolean isTooLarge = nodeCount > MAX_NODES || depth > MAX_DEPTH || characterCount > MAX_EXPANDED_CHARACTERS;
        if (isTooLarge) {
            throw refusal(
                    node,
                    "with its aliases expanded, the document has more than " + MAX_NODES
                            + " values, is nested deeper than " + MAX_DEPTH + " levels, or is too long");
        }
        if (!TAGS.contains(node.getTag())) {
            throw refusal(
                    node,
                    "has the tag " + node.getTag().getValue() + ", which is not supported: write the value itself");
        }
        // A field of an object already has the line of its name, which is more useful than the line of its value.
        node.getStartMark().ifPresent(mark -> lines.putIfAbsent(path, line(mark)));
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> array(sequence, path, depth);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw refusal(node, "is neither an object, a list nor a value");
        };
    }

    private ObjectNode object(MappingNode mapping, String path, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw refusal(field.getKeyNode(), "the name of a field must be a text");
            }
            String fieldPath = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (object.has(key.getValue())) {
                throw refusal(key, fieldPath + " occurs twice");
            }
            key.getStartMark().ifPresent(mark -> lines.put(fieldPath, line(mark)));
            object.set(key.getValue(), json(field.getValueNode(), fieldPath, depth + 1));
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

    /** Converts a value to the JSON type that its tag names, or to a text if JSON has no such value. */
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
            // JSON has no hexadecimal or octal numbers and no infinity, so the value is read as a text.
        }
        return JSON.stringNode(text);
    }

    private CommandFailure refusal(Node node, String problem) {
        return refusal(node.getStartMark(), problem);
    }

    private CommandFailure refusal(Optional<Mark> start, String problem) {
        String place = start.map(mark -> ":" + line(mark)).orElse("");
        return new CommandFailure(ExitCode.USAGE, name + place + ": " + problem);
    }

    /** Returns the line from 1; the parser counts from 0. */
    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
