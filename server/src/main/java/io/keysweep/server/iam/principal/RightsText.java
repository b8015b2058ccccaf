package io.keysweep.server.iam.principal;

import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.InstanceSelector;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Formats rights as the texts that the database stores, and parses these texts. */
final class RightsText {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RightsText() {}

    /** Formats names as one text, in which spaces separate them. */
    static String formatNames(Collection<String> names) {
        return String.join(" ", names);
    }

    /** Parses names separated by spaces; returns no names if the text is null or empty. */
    static List<String> parseNames(@Nullable String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(" ")).filter(name -> !name.isEmpty()).toList();
    }

    /**
     * Formats a selector as JSON with the field {@code instances} or {@code tags}; returns null if it selects
     * everything.
     */
    static @Nullable String formatSelector(InstanceSelector selector) {
        if (selector.isAll()) {
            return null;
        }
        ObjectNode node = JSON.createObjectNode();
        putSelector(node, selector);
        return node.toString();
    }

    /** Parses a selector that {@link #formatSelector} has formatted; null selects everything. */
    static InstanceSelector parseSelector(@Nullable String json) {
        return json == null ? InstanceSelector.ALL : readSelector(JSON.readTree(json));
    }

    /** Returns the ids that a selector names, as texts; null if it names none. */
    static @Nullable List<String> ids(InstanceSelector selector) {
        return selector.ids() == null
                ? null
                : selector.ids().stream().map(UUID::toString).toList();
    }

    /** Formats statements as a JSON list, in the form that clients send. */
    static String formatStatements(List<AccessStatement> statements) {
        ArrayNode list = JSON.createArrayNode();
        for (AccessStatement statement : statements) {
            ObjectNode node = list.addObject().put("effect", statement.allow() ? "allow" : "deny");
            ArrayNode actions = node.putArray("actions");
            new TreeSet<>(statement.actions()).forEach(actions::add);
            putSelector(node, statement.instances());
        }
        return list.toString();
    }

    /** Parses statements that {@link #formatStatements} has formatted. */
    static List<AccessStatement> parseStatements(String json) {
        return JSON.readTree(json).valueStream().map(RightsText::readStatement).toList();
    }

    private static AccessStatement readStatement(JsonNode node) {
        return new AccessStatement(
                node.get("effect").asString().equals("allow"),
                new TreeSet<>(node.get("actions")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList()),
                readSelector(node));
    }

    private static void putSelector(ObjectNode node, InstanceSelector selector) {
        if (selector.ids() != null) {
            ArrayNode ids = node.putArray("instances");
            selector.ids().forEach(id -> ids.add(id.toString()));
        }
        if (selector.tags() != null) {
            ObjectNode tags = node.putObject("tags");
            selector.tags().forEach(tags::put);
        }
    }

    /**
     * Returns the selector that a JSON object describes; the selector of all instances if it names neither ids nor
     * tags.
     */
    private static InstanceSelector readSelector(JsonNode node) {
        if (node.has("instances")) {
            return InstanceSelector.ofIds(new TreeSet<>(node.get("instances")
                    .valueStream()
                    .map(id -> UUID.fromString(id.asString()))
                    .toList()));
        }
        if (node.has("tags")) {
            Map<String, String> tags =
                    JSON.convertValue(node.get("tags"), new TypeReference<TreeMap<String, String>>() {});
            return InstanceSelector.ofTags(tags);
        }
        return InstanceSelector.ALL;
    }
}
