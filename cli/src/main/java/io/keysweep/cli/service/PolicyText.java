package io.keysweep.cli.service;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats a policy as the text that {@code get} prints. These methods are not part of the command class, because
 * picocli loads the types of all methods of a command. Help would then load the JSON classes and become slow.
 */
final class PolicyText {

    private static final List<String> SUMMARY_FIELDS =
            List.of("source", "open", "nextChange", "running", "waiting", "setBy", "setAt", "version");

    private PolicyText() {}

    /**
     * Returns one line with the owner of the policy and its present effect, for example {@code source project, open
     * true, version 3}.
     */
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

    /** Returns the document alone, in the form that {@code set} reads. Returns <code>{}</code> if no policy is set. */
    static String document(JsonNode policy) {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode document = policy.path("document");
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(document.isMissingNode() ? mapper.createObjectNode() : document);
    }
}
