package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules that no SDK's request comes near. */
final class SignatureVerifierTest {

    private static final String DATE = "20261124T022953Z";
    private static final String SIGNATURE = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final AccessKeyPair key = AccessKeyGenerator.generate();
    private final SignatureVerifier verifier = verifierAt(Instant.parse("2026-11-24T02:30:00Z"));
    private final SignedRequest plain = request("GET", "/v2", null, Map.of("X-Sdk-Date", List.of(DATE)));

    @Test
    void verify_onlyDateSigned_isVerified() {
        assertVerified(TestSigner.sign(plain, key, "x-sdk-date"));
    }

    @Test
    void verify_unknownAccessKey_looksLikeAWrongSignature() {
        AccessKeyPair unknown = AccessKeyGenerator.generate();
        AccessKeyPair wrongSecret =
                new AccessKeyPair(key.accessKey(), AccessKeyGenerator.generate().secretKey());

        assertThat(verifier.verify(TestSigner.sign(plain, unknown, "x-sdk-date")))
                .isEqualTo(verifier.verify(TestSigner.sign(plain, wrongSecret, "x-sdk-date")))
                .isInstanceOf(SignatureVerification.Refused.class);
    }

    @Test
    void verify_noAuthorization_isRefused() {
        assertRefused(plain, SignatureRefusalReason.NO_AUTHORIZATION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer abc", "SDK-HMAC-SHA512 Access=A", "sdk-hmac-sha256 Access=A", "\u0000"})
    void verify_otherScheme_isRefused(String authorization) {
        assertRefused(withAuthorization(authorization), SignatureRefusalReason.UNSUPPORTED_ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SDK-HMAC-SHA256",
                "SDK-HMAC-SHA256 Access=A",
                "SDK-HMAC-SHA256 Access=, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A B, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=;x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date;, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date;host, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=host;host;x-sdk-date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=X-Sdk-Date, Signature=" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=",
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=0" + SIGNATURE,
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=ABCDEF0123456789",
                "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE + ", More=1",
                "SDK-HMAC-SHA256 Credential=A/20261124/r/s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Credential=A/2026/r/s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE,
                "V11-HMAC-SHA256 Credential=A/20261124//s, SignedHeaders=x-sdk-date, Signature=" + SIGNATURE
            })
    void verify_malformedAuthorization_isRefused(String authorization) {
        assertRefused(withAuthorization(authorization), SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @Test
    void verify_authorizationOverFourKilobytes_isRefusedEvenIfSigned() {
        String longName = "x-" + "a".repeat(4096);
        SignedRequest request = ChangedRequests.withHeader(plain, longName, "value");
        String text = "SDK-HMAC-SHA256 Access=A, SignedHeaders=" + longName + ", Signature=" + SIGNATURE;

        assertRefused(
                ChangedRequests.withHeader(request, "authorization", text),
                SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @Test
    void verify_blanksAroundTheParts_makeNoDifference() {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");
        String text = ChangedRequests.value(signed, "authorization");

        assertVerified(ChangedRequests.withHeader(
                signed, "authorization", "  " + text.replace(", ", ",").replace(" ", "   ") + "  "));
    }

    @Test
    void verify_blanksAroundHeaderValue_makeNoDifference() {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");

        assertVerified(ChangedRequests.withHeader(signed, "x-sdk-date", " \t" + DATE + "  "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u000b", "\u2003"})
    void verify_otherWhiteSpaceAroundAuthorization_isRefused(String space) {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");
        String text = ChangedRequests.value(signed, "authorization");

        assertRefused(
                ChangedRequests.withHeader(signed, "authorization", text + space),
                SignatureRefusalReason.MALFORMED_AUTHORIZATION);
    }

    @Test
    void verify_dateNotSigned_isRefused() {
        SignedRequest request = ChangedRequests.withHeader(plain, "host", "keysweep");

        assertRefused(TestSigner.sign(request, key, "host"), SignatureRefusalReason.DATE_NOT_SIGNED);
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
    void verify_malformedDate_isRefused(String date) {
        SignedRequest request = ChangedRequests.withHeader(plain, "x-sdk-date", date);

        assertRefused(TestSigner.sign(request, key, "x-sdk-date"), SignatureRefusalReason.MALFORMED_DATE);
    }

    @Test
    void verify_staleDate_tellsTheServersTimeAndTheWindow() {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");

        SignatureVerification verification =
                verifierAt(Instant.parse("2026-11-24T02:44:53.001Z")).verify(signed);

        assertThat(verification)
                .isEqualTo(new SignatureVerification.Refused(
                        SignatureRefusalReason.DATE_OUTSIDE_WINDOW,
                        "X-Sdk-Date is 2026-11-24T02:29:53Z, the server's time is 2026-11-24T02:44:53Z; they may differ"
                                + " by 15 minutes either way. Set the client's clock."));
    }

    @Test
    void verify_signedHeaderNotSent_isRefused() {
        assertRefused(
                TestSigner.sign(plain, key, "x-project-id", "x-sdk-date"),
                SignatureRefusalReason.SIGNED_HEADER_MISSING);
    }

    @Test
    void verify_signedHeaderTwiceInDifferentCase_isRefused() {
        SignedRequest request = request(
                "GET",
                "/v2",
                null,
                Map.of("X-Sdk-Date", List.of(DATE), "X-Project-Id", List.of("a"), "x-project-id", List.of("a")));

        assertRefused(
                TestSigner.sign(request, key, "x-project-id", "x-sdk-date"),
                SignatureRefusalReason.SIGNED_HEADER_REPEATED);
    }

    @Test
    void verify_unsignedHeaders_makeNoDifference() {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");

        assertVerified(ChangedRequests.withHeader(signed, "accept", "a", "b"));
    }

    @Test
    void verify_unsignedHashOfBody_isIgnored() {
        SignedRequest signed = TestSigner.sign(withBody("body"), key, "x-sdk-date");
        SignedRequest withHash =
                ChangedRequests.withHeader(signed, "x-sdk-content-sha256", HashAlgorithm.SHA256.hexHash("other"));

        assertVerified(withHash);
        assertRefused(replaceBody(withHash, "other"), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_unsignedPayloadNotSigned_doesNotFreeTheBody() {
        SignedRequest signed = TestSigner.sign(withBody("body"), key, "x-sdk-date");
        SignedRequest freed = ChangedRequests.withHeader(signed, "x-sdk-content-sha256", "UNSIGNED-PAYLOAD");

        assertRefused(replaceBody(freed, "other"), SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @Test
    void verify_unsignedPayloadSigned_acceptsAnyBody() {
        SignedRequest free = ChangedRequests.withHeader(withBody("body"), "x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
        SignedRequest signed = TestSigner.sign(free, key, "x-sdk-content-sha256", "x-sdk-date");

        assertVerified(replaceBody(signed, "other"));
    }

    @Test
    void verify_hashOfOtherBodySigned_isRefused() {
        SignedRequest other = ChangedRequests.withHeader(
                withBody("body"), "x-sdk-content-sha256", HashAlgorithm.SHA256.hexHash("other"));

        assertRefused(
                TestSigner.sign(other, key, "x-sdk-content-sha256", "x-sdk-date"),
                SignatureRefusalReason.BODY_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"20261124, VERIFIED", "20261123, SCOPE_DATE_MISMATCH"})
    void verify_dayOfScope_mustBeThatOfTheDate(String day, String expected) {
        String credential = "V11-HMAC-SHA256 Credential=" + key.accessKey() + "/" + day + "/any-region/dcs";
        SignedRequest signed = TestSigner.signAs(credential, plain, key, "x-sdk-date");

        if (expected.equals("VERIFIED")) {
            assertVerified(signed);
        } else {
            assertRefused(signed, SignatureRefusalReason.valueOf(expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /v2/%4, a=1", "GET, /v2, a=%zz", "GET, v2, a=1", "GET, '/v 2', a=1", "'G\nET', /v2, a=1"})
    void verify_malformedRequest_isRefused(String method, String path, String query) {
        SignedRequest signed = TestSigner.sign(plain, key, "x-sdk-date");

        assertRefused(request(method, path, query, signed.headers()), SignatureRefusalReason.MALFORMED_REQUEST);
    }

    @Test
    void verify_lineBreakInSignedHeader_isRefused() {
        SignedRequest request = ChangedRequests.withHeader(
                TestSigner.sign(plain, key, "x-project-id", "x-sdk-date"), "x-project-id", "a\nx-other:b");

        assertRefused(request, SignatureRefusalReason.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = SignatureAlgorithm.class,
            names = {"SDK_ECDSA_P256_SHA256", "SDK_SM2_SM3"})
    void verify_derThatIsNoSignature_isRefused(SignatureAlgorithm algorithm) {
        List<String> shapes = List.of(
                "0000000000000000",
                "0500000000000000",
                "3006020100020100",
                "3006020101020101",
                "3006040101040101",
                "3080020101020101",
                "30060201010201010000",
                "30080202000102020001",
                "3006020181020181",
                "0406020101020101",
                "ff".repeat(72),
                "30".repeat(80),
                "3084ffffffff0201");

        assertThat(shapes)
                .allSatisfy(shape -> assertRefused(
                        withAuthorization(algorithm.wireName() + " Access=" + key.accessKey()
                                + ", SignedHeaders=x-sdk-date, Signature=" + shape),
                        SignatureRefusalReason.SIGNATURE_MISMATCH));
    }

    private void assertVerified(SignedRequest request) {
        assertThat(verifier.verify(request)).isEqualTo(new SignatureVerification.Verified(key.accessKey()));
    }

    private void assertRefused(SignedRequest request, SignatureRefusalReason reason) {
        assertThat(SignatureTestSupport.reason(verifier.verify(request))).isEqualTo(reason);
    }

    private SignatureVerifier verifierAt(Instant now) {
        return new SignatureVerifier(
                accessKey -> accessKey.equals(key.accessKey()) ? Optional.of(key.secretKey()) : Optional.empty(),
                () -> now);
    }

    private SignedRequest withAuthorization(String text) {
        return ChangedRequests.withHeader(plain, "authorization", text);
    }

    private SignedRequest withBody(String body) {
        return replaceBody(plain, body);
    }

    private static SignedRequest replaceBody(SignedRequest request, String body) {
        return new SignedRequest(
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                request.headers(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static SignedRequest request(
            String method, String path, @Nullable String query, Map<String, List<String>> headers) {
        return new SignedRequest(method, path, query, new TreeMap<>(headers), new byte[0]);
    }
}
