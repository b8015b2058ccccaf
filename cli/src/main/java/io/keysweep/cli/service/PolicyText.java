package io.keysweep.cli.service;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A policy as people read it. Apart from the command, whose methods are looked at for every help text, so that those load
 * nothing of JSON.
 */
final class PolicyText {

    private PolicyText() {}

    /** Whose it is and what holds at present, in one line. */
    static String about(JsonNode view) {
        List<String> about = new ArrayList<>();
        for (String name : List.of("source", "open", "nextChange", "running", "waiting", "setBy", "setAt", "version")) {
            JsonNode value = view.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                about.add(name + " " + (value.isString() ? value.stringValue() : value.toString()));
            }
        }
        return String.join(", ", about);
    }

    /** The document alone, as {@code set} takes it; an empty one if none is set. */
    static String document(JsonNode view) {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode document = view.path("document");
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(document.isMissingNode() ? mapper.createObjectNode() : document);
    }
}
