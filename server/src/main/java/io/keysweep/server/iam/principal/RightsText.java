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

/** Converts rights to the texts in which the database holds them, and back. */
final class RightsText {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RightsText() {}

    /** Returns names separated by spaces. */
    static String names(Collection<String> names) {
        return String.join(" ", names);
    }

    /** Returns the names in a text; none if the text is null or empty. */
    static List<String> names(@Nullable String text) {
        return text == null
                ? List.of()
                : Stream.of(text.split(" ")).filter(name -> !name.isEmpty()).toList();
    }

    /** Returns a selector as JSON with the field {@code instances} or {@code tags}; null if it selects everything. */
    static @Nullable String selector(InstanceSelector selector) {
        if (selector.isAll()) {
            return null;
        }
        ObjectNode node = JSON.createObjectNode();
        write(selector, node);
        return node.toString();
    }

    /** Returns the selector in a text of {@link #selector(InstanceSelector)}. */
    static InstanceSelector selector(@Nullable String json) {
        return json == null ? InstanceSelector.ALL : selector(JSON.readTree(json));
    }

    /** Returns the ids that a selector names, as texts; null if it names none. */
    static @Nullable List<String> ids(InstanceSelector selector) {
        return selector.ids() == null
                ? null
                : selector.ids().stream().map(UUID::toString).toList();
    }

    /** Returns statements as a JSON list, in the form that clients send. */
    static String statements(List<AccessStatement> statements) {
        ArrayNode list = JSON.createArrayNode();
        for (AccessStatement statement : statements) {
            ObjectNode node = list.addObject().put("effect", statement.allow() ? "allow" : "deny");
            ArrayNode actions = node.putArray("actions");
            new TreeSet<>(statement.actions()).forEach(actions::add);
            write(statement.instances(), node);
        }
        return list.toString();
    }

    /** Returns the statements in a text of {@link #statements(List)}. */
    static List<AccessStatement> statements(String json) {
        return JSON.readTree(json).valueStream().map(RightsText::statement).toList();
    }

    private static AccessStatement statement(JsonNode node) {
        return new AccessStatement(
                node.get("effect").asString().equals("allow"),
                new TreeSet<>(node.get("actions")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList()),
                selector(node));
    }

    private static void write(InstanceSelector selector, ObjectNode node) {
        if (selector.ids() != null) {
            ArrayNode ids = node.putArray("instances");
            selector.ids().forEach(id -> ids.add(id.toString()));
        }
        if (selector.tags() != null) {
            ObjectNode tags = node.putObject("tags");
            selector.tags().forEach(tags::put);
        }
    }

    private static InstanceSelector selector(JsonNode node) {
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
