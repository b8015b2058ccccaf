package io.keysweep.server.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.server.control.Ceilings;
import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceTags;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tests the documents of ceilings, and which ceilings an instance has.
 *
 * <p>A ceiling is a value of the pace that no scan may exceed without approval. It is set for a project, a tag or an
 * instance.
 */
class CeilingRulesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void merge_ofProjectTagsAndInstance_takesTheLowestCeilingOfEachField() {
        CeilingRules project = ofProject("{\"maxShare\":0.5,\"tags\":["
                + "{\"key\":\"env\",\"value\":\"prod\",\"maxShare\":0.1,\"needsApproval\":true},"
                + "{\"key\":\"pii\",\"namesStay\":true},{\"key\":\"env\",\"value\":\"dev\",\"maxRate\":5}]}");
        CeilingRules instance = ofInstance("{\"maxProfile\":\"gentle\"}");

        assertThat(CeilingRules.merge(project, instance, tags("env", "prod")).description())
                .isEqualTo("maxProfile gentle (the instance), maxShare 0.1 (the tag env=prod)");
        assertThat(CeilingRules.merge(project, /* instance= */ null, tags("pii", ""))
                        .description())
                .isEqualTo("maxShare 0.5 (the project), namesStay true (the tag pii)");

        // Only the tag env=prod demands an approval.
        assertThat(CeilingRules.merge(project, /* instance= */ null, tags("env", "prod"))
                        .needsApproval())
                .isTrue();
        assertThat(CeilingRules.merge(project, /* instance= */ null, tags("env", "dev"))
                        .needsApproval())
                .isFalse();

        // Without ceilings of the project, an instance has only its own, or none.
        assertThat(CeilingRules.merge(/* project= */ null, instance, InstanceTags.NONE)
                        .description())
                .isEqualTo("maxProfile gentle (the instance)");
        assertThat(CeilingRules.merge(/* project= */ null, /* instance= */ null, tags("env", "prod")))
                .isEqualTo(Ceilings.NONE);
    }

    @Test
    void document_writtenAndReadAgain_isTheSame() {
        CeilingRules rules = ofProject(
                "{\"maxProfile\":\"balanced\",\"maxShare\":0.5,\"maxRate\":7,\"namesStay\":true,\"maxLatencyMs\":20,"
                        + "\"maxReplicaLagBytes\":9,\"maxEvictions\":3,"
                        + "\"tags\":[{\"key\":\"a\",\"value\":\"\",\"maxRate\":1}]}");
        assertThat(CeilingRules.read(JSON.valueToTree(rules.document()), /* ofProject= */ true))
                .isEqualTo(rules);
        assertThat(ofProject("{}").document().tags()).isNull();
    }

    @Test
    void document_withInvalidFields_isRefusedWithAllTheirNames() {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> ofProject("{\"maxProfile\":\"fast\",\"maxShare\":0,\"maxRate\":0,"
                        + "\"tags\":[{\"value\":\"x\",\"maxLatencyMs\":0}]}"))
                .satisfies(refusal -> assertThat(refusal.problems())
                        .extracting(FieldProblem::field)
                        .containsExactlyInAnyOrder(
                                "maxProfile", "maxShare", "maxRate", "tags[0].key", "tags[0].maxLatencyMs"));
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> ofInstance("{\"tags\":[]}"))
                .withMessageContaining("tags is unknown");
    }

    private static CeilingRules ofProject(String document) {
        return CeilingRules.read(JSON.readTree(document), /* ofProject= */ true);
    }

    private static CeilingRules ofInstance(String document) {
        return CeilingRules.read(JSON.readTree(document), /* ofProject= */ false);
    }

    private static InstanceTags tags(String key, String value) {
        return new InstanceTags(new TreeMap<>(Map.of(key, value)));
    }
}
