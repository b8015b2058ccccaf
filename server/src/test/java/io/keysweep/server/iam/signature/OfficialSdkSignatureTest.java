package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that requests are verified if Huawei Cloud's Java SDK has signed them, with each of its algorithms. */
final class OfficialSdkSignatureTest {

    private static final String PATH = "/v2/0a1b2c3d4e5f60718293a4b5c6d7e8f9/instances";
    private static final String BODY = "{\"interval\":3600,\"note\":\"caf\u00e9\"}";

    private final AccessKeyPair key = AccessKeyGenerator.generate();

    @ParameterizedTest
    @EnumSource
    void verify_aGetWithAQuery_isVerified(OfficialSdk sdk) {
        assertVerified(sdk.get(key, PATH, query(), Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    void verify_aPutWithABody_isVerified(OfficialSdk sdk) {
        assertVerified(sdk.put(key, PATH, BODY, Map.of("X-Request-Id", "two  blanks")));
    }

    @ParameterizedTest
    @EnumSource
    void verify_requestsWithManyKeys_areVerified(OfficialSdk sdk) {
        // DER encodings of random signatures have 70 to 72 bytes, and some random keys begin with a zero byte.
        assertThat(IntStream.range(0, 40).mapToObj(i -> AccessKeyGenerator.generate()))
                .allSatisfy(otherKey -> assertThat(verify(sdk.get(otherKey, PATH, Map.of(), Map.of()), otherKey))
                        .isEqualTo(new SignatureVerification.Verified(otherKey.accessKey())));
    }

    @ParameterizedTest
    @EnumSource
    void verify_aGetWithAnySignedPartChanged_isRefused(OfficialSdk sdk) {
        assertChangesRefused(sdk.get(key, PATH, query(), Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    void verify_aPutWithAnySignedPartChanged_isRefused(OfficialSdk sdk) {
        assertChangesRefused(sdk.put(key, PATH, BODY, Map.of()));
    }

    @ParameterizedTest
    @EnumSource
    void verify_aRequestSignedWithAnotherSecretKey_isRefused(OfficialSdk sdk) {
        SignedRequest request = sdk.get(key, PATH, Map.of(), Map.of());
        AccessKeyPair keyWithOtherSecret =
                new AccessKeyPair(key.accessKey(), AccessKeyGenerator.generate().secretKey());

        assertThat(SignatureTestSupport.reason(verify(request, keyWithOtherSecret)))
                .isEqualTo(SignatureRefusalReason.SIGNATURE_MISMATCH);
    }

    @ParameterizedTest
    @EnumSource
    void verify_aSignedHashOfTheBody_isVerifiedOnlyIfItIsTheHashOfTheBody(OfficialSdk sdk) {
        HashAlgorithm hashes =
                sdk == OfficialSdk.HMAC_SM3 || sdk == OfficialSdk.SM2_SM3 ? HashAlgorithm.SM3 : HashAlgorithm.SHA256;
        String header = hashes == HashAlgorithm.SM3 ? "X-Sdk-Content-Sm3" : "X-Sdk-Content-Sha256";
        String hash = hashes.hexHash(BODY);

        assertVerified(sdk.put(key, PATH, BODY, Map.of(header, hash)));
        assertVerified(sdk.put(key, PATH, BODY, Map.of(header, "UNSIGNED-PAYLOAD")));

        SignedRequest wrong = sdk.put(key, PATH, BODY, Map.of(header, hash.replace(hash.charAt(0), '_')));
        assertThat(SignatureTestSupport.reason(verify(wrong, key))).isEqualTo(SignatureRefusalReason.BODY_MISMATCH);
    }

    private void assertVerified(SignedRequest request) {
        assertThat(verify(request, key)).isEqualTo(new SignatureVerification.Verified(key.accessKey()));
    }

    private void assertChangesRefused(SignedRequest request) {
        assertThat(ChangedRequests.of(request))
                .allSatisfy((part, changed) -> assertThat(SignatureTestSupport.reason(verify(changed, key)))
                        .isNotNull());
    }

    private static SignatureVerification verify(SignedRequest request, AccessKeyPair key) {
        Instant now = Instant.now(); // The SDK always uses the system clock.
        return new SignatureVerifier(
                        accessKey ->
                                accessKey.equals(key.accessKey()) ? Optional.of(key.secretKey()) : Optional.empty(),
                        () -> now)
                .verify(request);
    }

    private static Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("offset", List.of("0"));
        query.put("limit", List.of("50"));
        query.put("name", List.of("a b+c&d=\u00e9~*'(%41"));
        query.put("tags", List.of("a", "b", "{", "\u00e9"));
        query.put("name_equal", List.of(""));
        return query;
    }
}
