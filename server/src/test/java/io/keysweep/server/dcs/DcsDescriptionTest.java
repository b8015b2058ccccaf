package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests that the schemas of {@code openapi/dcs.yaml} have the fields of the records that the DCS API uses.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
class DcsDescriptionTest {

    /** Maps the name of each schema to the record with the same fields. */
    private static final Map<String, Class<?>> SCHEMAS = Map.ofEntries(
            Map.entry("Task", ScanTaskController.TaskBody.class),
            Map.entry("Record", ScanTaskController.RecordBody.class),
            Map.entry("Records", ScanTaskController.RecordsBody.class),
            Map.entry("Change", AutoScanController.ChangeBody.class),
            Map.entry("Config", AutoScanController.ConfigBody.class),
            Map.entry("List", DcsInstanceController.ListBody.class),
            Map.entry("Tags", DcsInstanceController.TagsBody.class),
            Map.entry("Tag", InstanceBody.Tag.class),
            Map.entry("Features", InstanceBody.Features.class),
            Map.entry("InstanceItem", InstanceBody.InstanceItem.class),
            Map.entry("InstanceDetails", InstanceBody.InstanceDetails.class));

    @Test
    void schemas_haveTheFieldsOfTheirRecords() throws IOException {
        JsonNode schemas = document().at("/components/schemas");

        SCHEMAS.forEach((name, record) -> assertThat(
                        schemas.path(name).path("properties").propertyNames())
                .as(name)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(record.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(field -> field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                        .toList()));
    }

    @Test
    void references_inTheDescription_leadToExistingParts() throws IOException {
        JsonNode document = document();
        TreeSet<String> references = new TreeSet<>(document.findValuesAsString("$ref"));

        assertThat(references)
                .hasSizeGreaterThan(10)
                .noneMatch(reference -> document.at(reference.substring(1)).isMissingNode());
    }

    private static JsonNode document() throws IOException {
        try (InputStream yaml =
                Objects.requireNonNull(DcsDescriptionTest.class.getResourceAsStream("/openapi/dcs.yaml"))) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JsonMapper.shared().valueToTree(tree);
        }
    }
}
