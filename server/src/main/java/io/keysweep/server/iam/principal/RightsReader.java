package io.keysweep.server.iam.principal;

import io.keysweep.server.error.Phrase;
import io.keysweep.server.iam.AccessStatement;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.InstanceSelector;
import io.keysweep.server.iam.UserName;
import io.keysweep.server.request.DocumentReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the rights of access keys and users, and the statements of policies, from the documents of requests. */
final class RightsReader {

    /** The fields of a statement. */
    private static final Set<String> STATEMENT_FIELDS = Set.of("effect", "actions", "instances", "tags");

    private static final int MAX_STATEMENTS = 50;
    private static final int MAX_INSTANCES = 100;
    private static final int MAX_POLICIES = 10;
    private static final int MAX_TAGS = 20;

    /** The maximum length of a selector of instances as JSON, in characters: the length of its column. */
    private static final int MAX_SELECTOR = 8000;

    /** The maximum length of the statements of a policy as JSON, in characters: the length of their column. */
    private static final int MAX_DOCUMENT = 32_000;

    private RightsReader() {}

    /** Reads the field {@code policies}: names of built-in roles and of policies of the project. */
    static List<String> policies(DocumentReader reader) {
        return reader.texts(
                "policies",
                MAX_POLICIES,
                Phrase.of("the name of a policy: {0}", Phrase.of(UserName.RULE)),
                UserName::requireValid);
    }

    /**
     * Reads the selector of instances from the field {@code instances} or {@code tags}; both together are a problem.
     */
    static InstanceSelector selector(DocumentReader reader) {
        List<UUID> ids =
                reader.texts("instances", MAX_INSTANCES, Phrase.of("the id of an instance, a UUID"), UUID::fromString);
        Map<String, String> tags = readTags(reader);
        boolean hasIds = reader.value("instances").isPresent();
        if (hasIds && reader.value("tags").isPresent()) {
            reader.addProblem("tags", Phrase.of(" exclude instances: give only one of them."));
        } else if (hasIds && reader.problems().isEmpty() && ids.isEmpty()) {
            reader.addProblem("instances", "[]", Phrase.of("at least one id, or left out for all instances"));
        } else if (reader.value("tags").isPresent() && reader.problems().isEmpty() && tags.isEmpty()) {
            reader.addProblem("tags", "{}", Phrase.of("at least one tag, or left out for all instances"));
        }
        if (!reader.problems().isEmpty()) {
            return InstanceSelector.ALL;
        }
        if (hasIds) {
            return InstanceSelector.ofIds(new LinkedHashSet<>(ids));
        }

        InstanceSelector selector = tags.isEmpty() ? InstanceSelector.ALL : InstanceSelector.ofTags(tags);
        String text = RightsText.formatSelector(selector);
        if (text != null && text.length() > MAX_SELECTOR) {
            reader.addProblem("tags", Phrase.of(" must have at most {0} characters in JSON.", MAX_SELECTOR));
        }
        return selector;
    }

    /**
     * Reads the field {@code tags}: one text for each key. Returns no tags if the field is missing or breaks the rule.
     */
    private static Map<String, String> readTags(DocumentReader reader) {
        Map<String, String> tags = new TreeMap<>();
        JsonNode node = reader.value("tags").orElse(null);
        if (node == null) {
            return tags;
        }

        boolean isValid = node.isObject()
                && node.size() <= MAX_TAGS
                && node.properties().stream().allMatch(tag -> tag.getValue().isString());
        if (isValid) {
            node.properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().stringValue()));
        } else {
            reader.addProblem(
                    "tags",
                    Phrase.of(" must be an object with a text for each of at most {0} keys of tags.", MAX_TAGS));
        }
        return tags;
    }

    /**
     * Reads the field {@code statements} of a policy.
     *
     * @return the statements; must not be used if the reader has recorded a problem
     */
    static List<AccessStatement> statements(DocumentReader reader) {
        List<AccessStatement> statements = reader.objects("statements", MAX_STATEMENTS, STATEMENT_FIELDS).stream()
                .map(RightsReader::readStatement)
                .toList();
        if (statements.isEmpty() && reader.problems().isEmpty()) {
            reader.addProblem(
                    "statements", statementsText(reader), Phrase.of("a list of 1 to {0} statements", MAX_STATEMENTS));
        }
        if (RightsText.formatStatements(statements).length() > MAX_DOCUMENT) {
            reader.addProblem("statements", Phrase.of(" must have at most {0} characters together.", MAX_DOCUMENT));
        }
        return statements;
    }

    private static @Nullable String statementsText(DocumentReader reader) {
        return reader.value("statements").map(JsonNode::toString).orElse(null);
    }

    private static AccessStatement readStatement(DocumentReader reader) {
        String effect = reader.requiredText("effect", "allow or deny", RightsReader::requireEffect)
                .orElse("deny");
        List<String> actions = reader.texts(
                "actions",
                MAX_STATEMENTS,
                Phrase.of(
                        "the name of an action, or a pattern with * for any text that fits one: {0}",
                        String.join(", ", Action.names())),
                Action::requirePattern);
        if (reader.value("actions").isEmpty()
                || (actions.isEmpty() && reader.problems().isEmpty())) {
            reader.addProblem("actions", Phrase.of(" must be a list of at least one action."));
        }
        return new AccessStatement(effect.equals("allow"), Set.copyOf(actions), selector(reader));
    }

    private static String requireEffect(String text) {
        if (!text.equals("allow") && !text.equals("deny")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
