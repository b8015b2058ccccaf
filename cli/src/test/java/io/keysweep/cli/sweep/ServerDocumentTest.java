package io.keysweep.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepReport.Ending;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ServerDocumentTest {

    @Test
    void toJson_anySweep_hasTheFieldsOfAClusterAndThoseOfTheServer() {
        JsonNode document = json(Reports.report(Ending.COMPLETED, /* exact= */ true), /* failure= */ null);

        assertThat(document.propertyNames())
                .containsAll(fields(ClusterDocument.class))
                .containsAll(fields(SweepDocument.class));
        assertThat(document.get("success").asBoolean()).isTrue();
        assertThat(document.get("label").asString()).isEqualTo("h:6379");
        assertThat(document.get("reclaimed").asLong()).isEqualTo(100_000);
    }

    @Test
    void toJson_completedSweep_isTheOnlyOneInTheList() {
        JsonNode document = json(Reports.report(Ending.COMPLETED, /* exact= */ true), /* failure= */ null);

        JsonNode sweeps = document.get("sweeps");
        assertThat(sweeps.size()).isOne();
        assertThat(sweeps.get(0).propertyNames())
                .containsExactlyElementsOf(fields(ClusterDocument.ShardDocument.class));
        assertThat(sweeps.get(0).get("slots").asString()).isEqualTo("0-16383");
        assertThat(sweeps.get(0).get("report").get("memory")).isEqualTo(document.get("memory"));
    }

    @Test
    void toJson_failedSweep_hasTheReasonInTheList() {
        JsonNode document = json(Reports.report(Ending.FAILED, /* exact= */ false), "the server is gone");

        assertThat(document.get("success").asBoolean()).isFalse();
        assertThat(document.get("failure").asString()).isEqualTo("the server is gone");
        assertThat(document.get("sweeps").get(0).get("failure").asString()).isEqualTo("the server is gone");
        assertThat(document.get("sweeps").get(0).get("report").isNull()).isTrue();
    }

    private static JsonNode json(SweepReport report, @Nullable String failure) {
        JsonMapper mapper = JsonMapper.builder().build();
        return mapper.readTree(mapper.writeValueAsString(ServerDocument.of("h:6379", report, failure, List.of())));
    }

    private static List<String> fields(Class<? extends Record> document) {
        return Stream.of(document.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }
}
