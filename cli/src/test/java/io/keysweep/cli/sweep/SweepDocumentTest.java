package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.DocumentedFields;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the JSON that {@code keysweep sweep --json} prints. */
final class SweepDocumentTest {

    @Test
    void toJson_completedSweep_hasTotalsAndTheServerAsItsOnlyNode() {
        JsonNode document = json(Reports.report(Ending.COMPLETED, /* exact= */ true), /* failure= */ null);

        assertThat(document.propertyNames())
                .containsExactly(
                        "formatVersion",
                        "command",
                        "label",
                        "ending",
                        "success",
                        "failure",
                        "total",
                        "uncovered",
                        "unassigned",
                        "orphans",
                        "assists",
                        "nodes",
                        "refused");
        assertThat(document.get("label").asString()).isEqualTo("h:6379");
        assertThat(document.get("success").asBoolean()).isTrue();
        assertThat(document.get("total").toString())
                .isEqualTo("{\"visited\":300000,\"reclaimed\":100000,\"exact\":true,\"steps\":1234,\"seconds\":1.5,"
                        + "\"keysPerSecond\":200000,\"longestStallMs\":1.235}");
        assertThat(document.get("nodes").size()).isOne();
        assertThat(document.get("nodes").get(0).get("reclaimed").asLong()).isEqualTo(100_000);
    }

    @Test
    void toJson_failedSweep_hasTheReasonAndTheCountsSoFar() {
        JsonNode document = json(Reports.report(Ending.FAILED, /* exact= */ false), "the server is gone");

        assertThat(document.get("success").asBoolean()).isFalse();
        assertThat(document.get("failure").asString()).isEqualTo("the server is gone");

        JsonNode node = document.get("nodes").get(0);
        assertThat(node.get("failure").asString()).isEqualTo("the server is gone");
        assertThat(node.get("reclaimed").asLong())
                .isEqualTo(document.get("total").get("reclaimed").asLong());
    }

    @Test
    void json_fields_areDocumented() throws IOException {
        DocumentedFields.assertAreDocumented(
                SweepDocument.class,
                SweepDocument.Total.class,
                SweptNode.class,
                DatabaseResult.class,
                AssistOnlyDocument.class,
                AssistOnlyDocument.Total.class,
                AssistDocument.class,
                AssistDocument.RaisedSetting.class);
    }

    private static JsonNode json(SweepReport report, @Nullable String failure) {
        JsonMapper mapper = JsonMapper.builder().build();
        return mapper.readTree(mapper.writeValueAsString(
                SweepDocument.of("h:6379", report, failure, /* assists= */ List.of(), /* refused= */ List.of())));
    }
}
