package io.keysweep.server.console;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tests that the {@link #FORMS} have all fields of their operations in the API, except the {@link #EXCEPTIONS}. */
class ConsoleFieldCoverageIT extends ConsoleTesting {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates/console");

    /** Maps each operation of the native API to the name of its form in the templates. */
    private static final Map<String, String> FORMS = Map.ofEntries(
            entry("createScan", "scan"),
            entry("tuneScan", "tune"),
            entry("registerInstance", "register"),
            entry("changeInstance", "settings"),
            entry("makeEstimate", "estimate"),
            entry("createWebhook", "webhook"),
            entry("setInstanceStartPolicy", "start-policy"),
            entry("setInstanceWindows", "windows"),
            entry("setBudget", "budget"),
            entry("setSchedule", "automatic"),
            entry("holdProject", "project"),
            entry("pauseScan", "pause"),
            entry("cancelScan", "cancel"),
            entry("rotateAccessKey", "rotate"));

    /** Operations with a field that their form does not have, or has under another name, each with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            entry("createScan instanceId", "the page is about one instance"),
            entry("registerInstance id", "only programs choose ids"),
            entry("changeInstance id", "ids do not change"),
            entry("changeInstance tags", "tags have a form of their own"),
            entry("makeEstimate picture", "the page always shows the picture"),
            entry("setInstanceWindows windows", "the form has rows for windows"),
            entry("setInstanceWindows blackouts", "the form has rows for blackouts"),
            entry("setSchedule intervalSeconds", "the form has the field interval, with a unit"),
            entry("setSchedule timeoutSeconds", "the form has the field timeout, with a unit"));

    @Test
    void forms_haveAllFieldsOfTheirOperations() throws IOException {
        String templates = templates();
        JsonNode api =
                console.service().call(admin, "GET", "/api/v1/openapi.json", "").body();
        Set<String> found = new TreeSet<>();
        Set<String> missing = new TreeSet<>();

        for (JsonNode path : api.get("paths")) {
            for (JsonNode operation : path) {
                String id = operation.path("operationId").asString("");
                String form = FORMS.get(id);
                if (form != null) {
                    found.add(id);
                    properties(api, operation)
                            .filter(field -> !EXCEPTIONS.containsKey(id + " " + field))
                            .filter(field -> !hasField(templates, form, field))
                            .forEach(field -> missing.add(id + " " + field));
                }
            }
        }

        assertThat(found).isEqualTo(new TreeSet<>(FORMS.keySet()));
        assertThat(missing).isEmpty();
    }

    /** Returns the names of the fields in the request body of an operation. */
    private static Stream<String> properties(JsonNode api, JsonNode operation) {
        JsonNode body = resolved(api, operation.path("requestBody"));
        JsonNode schema =
                resolved(api, body.path("content").path("application/json").path("schema"));
        return schema.path("properties").propertyNames().stream();
    }

    /** Follows a reference within the document. Any other node is returned as it is. */
    private static JsonNode resolved(JsonNode api, JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : resolved(api, api.at(reference.substring(1)));
    }

    /**
     * Returns whether the templates contain one of the notations for a field of a form. For the field {@code share} of
     * the form {@code scan}, one of them is {@code id="scan-share"}.
     */
    private static boolean hasField(String templates, String form, String field) {
        return Stream.of(
                        "('" + form + "', '" + field + "'",
                        "id=\"" + form + "-" + field + "\"",
                        "name=\"" + field + "\"",
                        // Fragments for one field each, which get the name of the form only.
                        field + "('" + form + "'",
                        "pem(${form}, '" + field + "'")
                .anyMatch(templates::contains);
    }

    /** Returns the text of all templates. */
    private static String templates() throws IOException {
        StringBuilder texts = new StringBuilder();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            for (Path file : files.toList()) {
                texts.append(Files.readString(file));
            }
        }
        return texts.toString();
    }
}
