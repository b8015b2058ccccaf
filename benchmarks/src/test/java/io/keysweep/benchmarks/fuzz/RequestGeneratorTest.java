package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Tests that a seed and a number always give the same fuzz request, and that most kinds of changes (mutations of a
 * valid request) occur.
 */
class RequestGeneratorTest {

    private static final int REQUESTS = 600;

    /** The requests of the seed 1. */
    private static final List<FuzzRequest> REQUESTS_OF_SEED_1 = requests(FuzzSamples.generator(1));

    @Test
    void request_sameSeedAndNumber_isTheSame() {
        assertThat(requests(FuzzSamples.generator(1))).isEqualTo(REQUESTS_OF_SEED_1);
    }

    @Test
    void request_withoutTheEarlierRequests_isTheSame() {
        assertThat(FuzzSamples.generator(1).request(543, FuzzSamples.TARGET)).isEqualTo(REQUESTS_OF_SEED_1.get(543));
    }

    @Test
    void request_otherSeed_nearlyAlwaysDiffers() {
        // Requests to operations without parameters can be equal.
        Set<String> octets = new HashSet<>(octets(REQUESTS_OF_SEED_1));
        assertThat(octets).hasSizeGreaterThan(REQUESTS * 9 / 10);

        octets.retainAll(octets(requests(FuzzSamples.generator(2))));
        assertThat(octets).hasSizeLessThan(REQUESTS / 10);
    }

    @Test
    void requests_ofOneSeed_haveAllOperationsAndCredentials() {
        for (FuzzedOperation operation : FuzzSamples.operations()) {
            assertThat(REQUESTS_OF_SEED_1)
                    .anyMatch(request -> request.description().startsWith(operation + " by "));
        }
        for (String credential :
                List.of("SIGNATURE", "FORGED_SIGNATURE", "TOKEN", "SESSION", "SIGNATURE_AND_TOKEN", "NONE")) {
            assertThat(REQUESTS_OF_SEED_1)
                    .anyMatch(request -> request.description().contains(" by " + credential + " ["));
        }
    }

    @Test
    void requests_bySignatureWithoutChanges_areSigned() {
        assertThat(REQUESTS_OF_SEED_1.stream()
                        .filter(request -> request.description().contains(" by SIGNATURE []"))
                        .map(FuzzRequest::octets))
                .hasSizeGreaterThan(20)
                .allMatch(octets -> octets.contains("\r\nAuthorization: SDK-HMAC-SHA256 Access=SIGNINGKEY, "));
    }

    @Test
    void requests_ofOneSeed_neverContainTheSigningSecret() {
        assertThat(REQUESTS_OF_SEED_1).noneMatch(request -> request.octets().contains(FuzzSamples.SIGNING_SECRET));
        assertThat(REQUESTS_OF_SEED_1).anyMatch(request -> request.octets().contains(FuzzSamples.SENT_SECRET));
    }

    @Test
    void change_sameSeed_isTheSameAndMostKindsOccur() {
        Random random = new Random(5);
        Random sameRandom = new Random(5);
        Set<String> names = new HashSet<>();

        // Each generator changes its own copy of a request, first as a draft, and then as a message of HTTP.
        for (int i = 0; i < REQUESTS; i++) {
            RequestDraft draft = draft(random);
            RequestDraft sameDraft = draft(sameRandom);
            names.add("draft " + DraftMutator.change(draft, random));
            DraftMutator.change(sameDraft, sameRandom);

            assertThat(sameDraft.pathAndQuery() + sameDraft.headers + sameDraft.body)
                    .isEqualTo(draft.pathAndQuery() + draft.headers + draft.body);

            WireMessage message = message();
            WireMessage sameMessage = message();
            names.add("wire " + WireMutator.change(message, random));
            WireMutator.change(sameMessage, sameRandom);

            assertThat(sameMessage.text()).isEqualTo(message.text());
            assertThat(WireMutator.changeBytes(message.text(), random))
                    .isEqualTo(WireMutator.changeBytes(sameMessage.text(), sameRandom));
        }

        assertThat(names)
                .contains("draft json-value", "draft path-segment", "draft form-field", "draft query-value")
                .contains("wire chunked", "wire header-folded", "wire pipelined", "wire target-absolute", "wire length")
                .hasSizeGreaterThan(40);
    }

    private static RequestDraft draft(Random random) {
        return RequestDraft.of(
                FuzzSamples.operation("PATCH /api/v1/scans/{id}"),
                FuzzSamples.TARGET,
                new SchemaSampler(FuzzSamples.OPEN_API),
                random);
    }

    private static WireMessage message() {
        WireMessage message = new WireMessage("POST", "/api/v1/scans", "{\"a\":1}");
        message.headers.addAll(List.of("Host: 127.0.0.1", "Content-Length: 7"));
        return message;
    }

    private static List<FuzzRequest> requests(RequestGenerator generator) {
        return LongStream.range(0, REQUESTS)
                .mapToObj(number -> generator.request(number, FuzzSamples.TARGET))
                .toList();
    }

    private static List<String> octets(List<FuzzRequest> requests) {
        return requests.stream().map(FuzzRequest::octets).toList();
    }
}
