package io.keysweep.cli.service;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats a policy for people. These methods are not part of the command class, because picocli loads the types of all
 * methods of a command, and help must not load JSON classes.
 */
final class PolicyText {

    private static final List<String> SUMMARY_FIELDS =
            List.of("source", "open", "nextChange", "running", "waiting", "setBy", "setAt", "version");

    private PolicyText() {}

    /** Returns one line with the owner of the policy and its present effect. */
    static String summary(JsonNode policy) {
        List<String> parts = new ArrayList<>();
        for (String name : SUMMARY_FIELDS) {
            JsonNode value = policy.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                parts.add(name + " " + (value.isString() ? value.stringValue() : value.toString()));
            }
        }
        return String.join(", ", parts);
    }

    /** Returns the document alone, as {@code set} takes it, or an empty document if none is set. */
    static String document(JsonNode policy) {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode document = policy.path("document");
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(document.isMissingNode() ? mapper.createObjectNode() : document);
    }
}
