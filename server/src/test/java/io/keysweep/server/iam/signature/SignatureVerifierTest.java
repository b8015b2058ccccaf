package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the rules for signed headers, dates and bodies with requests that no SDK would send. */
final class SignatureVerifierTest {

    private static final String DATE = SignatureVerifierFixture.DATE;

    private final SignatureVerifierFixture fixture = new SignatureVerifierFixture();

    @Test
    void verify_aRequestInWhichOnlyTheDateIsSigned_isVerified() {
        fixture.assertVerified(TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date"));
    }

    @Test
    void verify_anUnknownAccessKeyOrAWrongSecret_isRefused_eachWithItsReason() {
        AccessKeyPair unknown = AccessKeyGenerator.generate();
        AccessKeyPair wrongSecret = new AccessKeyPair(
                fixture.key().accessKey(), AccessKeyGenerator.generate().secretKey());

        fixture.assertRefused(
                TestSigner.sign(fixture.unsigned(), unknown, "x-sdk-date"), SignatureRefusalReason.UNKNOWN_ACCESS_KEY);
        fixture.assertRefused(
                TestSigner.sign(fixture.unsigned(), wrongSecret, "x-sdk-date"),
                SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_aSignedHeaderWithBlanksAroundItsValue_isVerified() {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");

        fixture.assertVerified(ChangedRequests.withHeader(signed, "x-sdk-date", " \t" + DATE + "  "));
    }

    @Test
    void verify_aRequestWhoseDateIsNotSigned_isRefused() {
        SignedRequest request = ChangedRequests.withHeader(fixture.unsigned(), "host", "keysweep");

        fixture.assertRefused(TestSigner.sign(request, fixture.key(), "host"), SignatureRefusalReason.DATE_NOT_SIGNED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20261124",
                "2026-11-24T02:29:53Z",
                "20260230T022953Z",
                "20261324T022953Z",
                "20261124T242953Z",
                "20261124T022960Z",
                "20261124T022953",
                "\u0662\u0660261124T022953Z",
                "Tue, 24 Nov 2026 02:29:53 GMT"
            })
    void verify_aMalformedDate_isRefused(String date) {
        SignedRequest request = ChangedRequests.withHeader(fixture.unsigned(), "x-sdk-date", date);

        fixture.assertRefused(
                TestSigner.sign(request, fixture.key(), "x-sdk-date"), SignatureRefusalReason.MALFORMED_DATE);
    }

    @Test
    void verify_aStaleDate_isRefused_withTheServersTimeAndTheAllowedDifference() {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");

        SignatureVerification verification =
                fixture.verifierAt(Instant.parse("2026-11-24T02:44:53.001Z")).verify(signed);

        assertThat(verification)
                .isEqualTo(new SignatureVerification.Refused(
                        SignatureRefusalReason.DATE_OUTSIDE_WINDOW,
                        "X-Sdk-Date is 2026-11-24T02:29:53Z, the server's time is 2026-11-24T02:44:53Z; they may differ"
                                + " by 15 minutes either way. Set the client's clock."));
    }

    @Test
    void verify_aSignedHeaderThatIsNotSent_isRefused() {
        fixture.assertRefused(
                TestSigner.sign(fixture.unsigned(), fixture.key(), "x-project-id", "x-sdk-date"),
                SignatureRefusalReason.SIGNED_HEADER_MISSING);
    }

    @Test
    void verify_aSignedHeaderThatIsSentTwiceInDifferentCase_isRefused() {
        SignedRequest request = SignatureVerifierFixture.request(
                "GET",
                "/v2",
                /* query= */ null,
                Map.of("X-Sdk-Date", List.of(DATE), "X-Project-Id", List.of("a"), "x-project-id", List.of("a")));

        fixture.assertRefused(
                TestSigner.sign(request, fixture.key(), "x-project-id", "x-sdk-date"),
                SignatureRefusalReason.SIGNED_HEADER_REPEATED);
    }

    @Test
    void verify_aRequestWithAdditionalUnsignedHeaders_isVerified() {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");

        fixture.assertVerified(ChangedRequests.withHeader(signed, "accept", "a", "b"));
    }

    @Test
    void verify_aHashOfTheBodyThatIsNotSigned_isIgnored() {
        SignedRequest signed = TestSigner.sign(fixture.withBody("body"), fixture.key(), "x-sdk-date");
        SignedRequest withHash =
                ChangedRequests.withHeader(signed, "x-sdk-content-sha256", HashAlgorithm.SHA256.hexHash("other"));

        fixture.assertVerified(withHash);
        fixture.assertRefused(
                SignatureVerifierFixture.replaceBody(withHash, "other"), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_anotherBodyWithAnUnsignedHeaderForUnsignedPayload_isRefused() {
        SignedRequest signed = TestSigner.sign(fixture.withBody("body"), fixture.key(), "x-sdk-date");
        SignedRequest withHeader = ChangedRequests.withHeader(signed, "x-sdk-content-sha256", "UNSIGNED-PAYLOAD");

        fixture.assertRefused(
                SignatureVerifierFixture.replaceBody(withHeader, "other"), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_anotherBodyWithASignedHeaderForUnsignedPayload_isVerified() {
        SignedRequest withUnsignedPayload =
                ChangedRequests.withHeader(fixture.withBody("body"), "x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
        SignedRequest signed =
                TestSigner.sign(withUnsignedPayload, fixture.key(), "x-sdk-content-sha256", "x-sdk-date");

        fixture.assertVerified(SignatureVerifierFixture.replaceBody(signed, "other"));
    }

    @Test
    void verify_aSignedHashOfAnotherBody_isRefused() {
        SignedRequest withHashOfAnotherBody = ChangedRequests.withHeader(
                fixture.withBody("body"), "x-sdk-content-sha256", HashAlgorithm.SHA256.hexHash("other"));

        fixture.assertRefused(
                TestSigner.sign(withHashOfAnotherBody, fixture.key(), "x-sdk-content-sha256", "x-sdk-date"),
                SignatureRefusalReason.BODY_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"20261124, VERIFIED", "20261123, SCOPE_DATE_MISMATCH"})
    void verify_aScope_isVerifiedOnlyIfItsDayIsTheDayOfTheDate(String day, String expected) {
        String credential = "V11-HMAC-SHA256 Credential=" + fixture.key().accessKey() + "/" + day + "/any-region/dcs";
        SignedRequest signed = TestSigner.signAs(credential, fixture.unsigned(), fixture.key(), "x-sdk-date");

        if (expected.equals("VERIFIED")) {
            fixture.assertVerified(signed);
        } else {
            fixture.assertRefused(signed, SignatureRefusalReason.valueOf(expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /v2/%4, a=1", "GET, /v2, a=%zz", "GET, v2, a=1", "GET, '/v 2', a=1", "'G\nET', /v2, a=1"})
    void verify_aMalformedRequest_isRefused(String method, String path, String query) {
        SignedRequest signed = TestSigner.sign(fixture.unsigned(), fixture.key(), "x-sdk-date");

        fixture.assertRefused(
                SignatureVerifierFixture.request(method, path, query, signed.headers()),
                SignatureRefusalReason.MALFORMED_REQUEST);
    }

    @Test
    void verify_aSignedHeaderWithALineBreak_isRefused() {
        SignedRequest request = ChangedRequests.withHeader(
                TestSigner.sign(fixture.unsigned(), fixture.key(), "x-project-id", "x-sdk-date"),
                "x-project-id",
                "a\nx-other:b");

        fixture.assertRefused(request, SignatureRefusalReason.MALFORMED_REQUEST);
    }
}
