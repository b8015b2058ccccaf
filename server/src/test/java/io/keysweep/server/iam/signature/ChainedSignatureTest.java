package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the signatures of Open Telekom Cloud's clients. They derive the signing key from the secret key in several
 * steps: by date, region and service.
 */
final class ChainedSignatureTest {

    private static final Instant NOW = Instant.parse("2026-11-24T02:29:53Z");

    private final SignatureVerifierFixture fixture = new SignatureVerifierFixture();

    @ParameterizedTest
    @CsvSource({"'', ''", "eu-de, dcs", "eu-de, ''", "'', ec2"})
    void verify_aRequestForAnyRegionAndService_isVerified(String region, String service) {
        fixture.assertVerified(signed("GET", "limit=5&offset=0", "", NOW, region, service));
        fixture.assertVerified(signed("PUT", "", "{}", NOW, region, service));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/eu-nl/dcs/", "/eu-de/dms/", "//dcs/", "/eu-de//", "///"})
    void verify_aRequestWithAnotherRegionOrServiceThanSigned_isRefused(String scope) {
        SignedRequest valid = signed("GET", "", "", NOW, "eu-de", "dcs");
        String text = ChangedRequests.value(valid, "authorization").replace("/eu-de/dcs/", scope);

        fixture.assertRefused(
                ChangedRequests.withHeader(valid, "authorization", text), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_aScopeWithAnotherDayThanTheDate_isRefused() {
        SignedRequest valid = signedGet(NOW);
        String text = ChangedRequests.value(valid, "authorization").replace("/20261124/", "/20261123/");

        fixture.assertRefused(
                ChangedRequests.withHeader(valid, "authorization", text), SignatureRefusalReason.SCOPE_DATE_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(longs = {-16, 16, 24 * 60})
    void verify_aDateMoreThan15MinutesFromNow_isRefused(long minutes) {
        Instant at = NOW.plus(Duration.ofMinutes(minutes));

        fixture.assertRefused(signedGet(at), SignatureRefusalReason.DATE_OUTSIDE_WINDOW);
    }

    @Test
    void verify_aRequestWithAnySignedPartChanged_isRefused() {
        for (SignedRequest valid : List.of(
                signed("GET", "limit=5", "", NOW, "", ""),
                signed("PUT", "", "{\"a\":1}", NOW, "eu-de", "dcs"),
                signed("POST", "", "", NOW, "", ""))) {
            fixture.assertVerified(valid);
            assertThat(ChangedRequests.of(valid))
                    .allSatisfy((part, changed) -> assertThat(fixture.verifier().verify(changed))
                            .isInstanceOf(SignatureVerification.Refused.class));
        }
    }

    @Test
    void verify_aPostWithoutABody_needsTheQuerySignedAsTheBody() {
        SignedRequest valid = signed("POST", "a=x%20y&b=2", "", NOW, "", "");

        fixture.assertVerified(valid);

        // The request is refused with another query, without a query, and with a malformed query.
        fixture.assertRefused(
                new SignedRequest("POST", valid.rawPath(), "a=x%20y&b=3", valid.headers(), valid.body()),
                SignatureRefusalReason.SIGNATURE_MISMATCH);
        fixture.assertRefused(
                new SignedRequest("POST", valid.rawPath(), /* rawQuery= */ null, valid.headers(), valid.body()),
                SignatureRefusalReason.SIGNATURE_MISMATCH);
        fixture.assertRefused(
                new SignedRequest("POST", valid.rawPath(), "a=%zz", valid.headers(), valid.body()),
                SignatureRefusalReason.MALFORMED_REQUEST);
    }

    @Test
    void verify_aSignedHeaderWithMoreBlanks_isVerified_unlessABlankIsInANewPlace() {
        SignedRequest valid = signedGet(NOW);

        fixture.assertVerified(ChangedRequests.withHeader(signedWith(Map.of("x-note", "a b")), "x-note", "a  \t b"));
        fixture.assertRefused(
                ChangedRequests.withHeader(valid, "user-agent", "golangsdk/2.0 .0"),
                SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_aSignatureWithAKeyThatIsNotDerived_isRefused() {
        SignedRequest plain = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");
        String text = ChangedRequests.value(plain, "authorization")
                .replace(
                        "Access=" + fixture.key().accessKey(),
                        "Credential=" + fixture.key().accessKey() + "/20261124///sdk_request");

        fixture.assertRefused(
                ChangedRequests.withHeader(plain, "authorization", text), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    /** Returns a signed request without query, body, region and service. */
    private SignedRequest signedGet(Instant at) {
        return signed("GET", /* query= */ "", /* body= */ "", at, /* region= */ "", /* service= */ "");
    }

    /** Returns a signed request with additional headers. */
    private SignedRequest signedWith(Map<String, String> headers) {
        return signed("GET", /* query= */ "", /* body= */ "", NOW, /* region= */ "", /* service= */ "", headers);
    }

    /** Returns a request that the client of Open Telekom Cloud has signed for a region and a service. */
    private SignedRequest signed(String method, String query, String body, Instant at, String region, String service) {
        return signed(method, query, body, at, region, service, Map.of());
    }

    private SignedRequest signed(
            String method,
            String query,
            String body,
            Instant at,
            String region,
            String service,
            Map<String, String> moreHeaders) {
        String path = "/v2/p/instances/i";
        Map<String, List<String>> headers = new TreeMap<>();
        new ChainedSigner(fixture.key().accessKey(), fixture.key().secretKey().text(), region, service)
                .sign(method, "127.0.0.1:8379", path, query, body, moreHeaders, at)
                .forEach((name, value) -> headers.put(name, List.of(value)));
        return new SignedRequest(
                method, path, query.isEmpty() ? null : query, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
