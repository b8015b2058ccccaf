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

/** Tests that a form of the console has each field of its operation of the native API, or a reason here why not. */
class ConsoleFieldCoverageIT extends ConsoleTesting {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates/console");

    /** The names of forms in the templates, by the operation of the API. */
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

    /** Fields that forms have in another way or not at all, each with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            entry("createScan instanceId", "the page says which instance"),
            entry("registerInstance id", "ids are chosen by programs only"),
            entry("changeInstance id", "ids do not change"),
            entry("changeInstance tags", "tags have a form of their own"),
            entry("makeEstimate picture", "the page always shows the picture"),
            entry("setInstanceWindows windows", "the rows of the week"),
            entry("setInstanceWindows blackouts", "the rows of days"),
            entry("setSchedule intervalSeconds", "the field interval"),
            entry("setSchedule timeoutSeconds", "the field timeout"));

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

    private static Stream<String> properties(JsonNode api, JsonNode operation) {
        JsonNode body = resolved(api, operation.path("requestBody"));
        JsonNode schema =
                resolved(api, body.path("content").path("application/json").path("schema"));
        return schema.path("properties").propertyNames().stream();
    }

    /** Returns what a reference within the document refers to; any other node itself. */
    private static JsonNode resolved(JsonNode api, JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : resolved(api, api.at(reference.substring(1)));
    }

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

    private static String templates() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }
}
