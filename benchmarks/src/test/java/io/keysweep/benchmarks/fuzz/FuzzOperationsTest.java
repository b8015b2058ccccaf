package io.keysweep.benchmarks.fuzz;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Tests that the fuzzer finds operations in the OpenAPI document, the table of the DCS API and pages, and that requests
 * for them are valid.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
class FuzzOperationsTest {

    @Test
    void operations_ofBothDocumentsAndOfForms_areFound() {
        assertThat(FuzzSamples.operations())
                .extracting(FuzzedOperation::toString)
                .contains(
                        "GET /api/v1/scans",
                        "POST /api/v1/scans",
                        "PATCH /api/v1/scans/{id}",
                        "PUT /v2/{project_id}/instances/{instance_id}/scan-expire-keys/autoscan-config",
                        "GET /v2/{project_id}/instances",
                        "POST /v3/auth/tokens",
                        "POST /console/instances/{id}/scan")
                .doesNotContain("GET /console");
        assertThat(FuzzSamples.operations().stream()
                        .filter(operation -> operation.path().startsWith("/v2/")))
                .as("the operations of the DCS API, read from its documentation")
                .hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void operation_parametersByReference_areResolvedAndSeparatedIntoQueryAndHeaders() {
        FuzzedOperation list = FuzzSamples.operation("GET /api/v1/scans");
        assertThat(list.query()).containsOnlyKeys("limit");
        assertThat(list.headers()).containsOnlyKeys("Idempotency-Key");
        assertThat(list.body()).isNull();
    }

    @Test
    void sample_anySeed_hasAllRequiredFieldsAndSometimesOptionalFields() {
        FuzzedOperation tune = FuzzSamples.operation("PATCH /api/v1/scans/{id}");
        JsonNode schema = requireNonNull(tune.body());
        SchemaSampler sampler = new SchemaSampler(FuzzSamples.OPEN_API);
        Set<String> fields = new TreeSet<>();

        // In 50 samples, the optional field "tags" is there at least once.
        for (int seed = 0; seed < 50; seed++) {
            JsonNode body = sampler.sample("body", schema, FuzzSamples.TARGET, new Random(seed));
            assertThat(body.propertyNames()).contains("instanceId", "profile", "share");
            assertThat(body.get("instanceId").asString()).isEqualTo("11111111-1111-4111-8111-111111111111");
            assertThat(body.get("profile").asString()).isIn("gentle", "full");
            assertThat(body.get("share").isNumber() || body.get("share").isNull())
                    .isTrue();
            fields.addAll(body.propertyNames());
        }

        assertThat(fields).containsExactly("instanceId", "profile", "share", "tags");
    }

    @Test
    void draft_ofAForm_hasItsFieldsWithTheTokenOfTheSession() {
        FuzzedOperation form = FuzzSamples.operation("POST /console/instances/{id}/scan");
        RequestDraft draft =
                RequestDraft.of(form, FuzzSamples.TARGET, new SchemaSampler(FuzzSamples.OPEN_API), new Random(1));

        assertThat(draft.body).contains("_csrf=form-token", "reason=why", "profile=");
        assertThat(draft.path).isEqualTo("/console/instances/11111111-1111-4111-8111-111111111111/scan");
    }

    @Test
    void page_linkWithIdAndQuery_isAnOperationWithParameters() {
        FuzzedOperation page = FormReader.page("/console/scans/22222222-2222-4222-8222-222222222222?page=2&x=1");
        assertThat(page).hasToString("GET /console/scans/{id}");
        assertThat(page.query()).containsOnlyKeys("page", "x");
    }
}
