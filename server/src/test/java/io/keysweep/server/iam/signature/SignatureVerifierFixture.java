package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Provides an access key, a request and a verifier whose clock is 7 seconds after the request's date. */
final class SignatureVerifierFixture {

    /** The date of the unsigned request, in the form of the header. */
    static final String DATE = "20261124T022953Z";

    private final AccessKeyPair key = AccessKeyGenerator.generate();
    private final SignatureVerifier verifier = verifierAt(Instant.parse("2026-11-24T02:30:00Z"));
    private final SignedRequest unsigned =
            request("GET", "/v2", /* query= */ null, Map.of("X-Sdk-Date", List.of(DATE)));

    AccessKeyPair key() {
        return key;
    }

    SignatureVerifier verifier() {
        return verifier;
    }

    /** Returns a request without an Authorization header and without a body. */
    SignedRequest unsigned() {
        return unsigned;
    }

    void assertVerified(SignedRequest request) {
        assertThat(verifier.verify(request)).isEqualTo(new SignatureVerification.Verified(key.accessKey()));
    }

    void assertRefused(SignedRequest request, SignatureRefusalReason reason) {
        assertThat(SignatureTestSupport.reason(verifier.verify(request))).isEqualTo(reason);
    }

    /** Returns a verifier that knows the access key, with a clock that stands still. */
    SignatureVerifier verifierAt(Instant now) {
        return new SignatureVerifier(
                accessKey -> accessKey.equals(key.accessKey()) ? Optional.of(key.secretKey()) : Optional.empty(),
                () -> now);
    }

    /** Returns the unsigned request with an Authorization header. */
    SignedRequest withAuthorization(String text) {
        return ChangedRequests.withHeader(unsigned, "authorization", text);
    }

    /** Returns the unsigned request with a body. */
    SignedRequest withBody(String body) {
        return replaceBody(unsigned, body);
    }

    /** Returns a copy of a request with another body. */
    static SignedRequest replaceBody(SignedRequest request, String body) {
        return new SignedRequest(
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                request.headers(),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an unsigned request without body. */
    static SignedRequest request(
            String method, String path, @Nullable String query, Map<String, List<String>> headers) {
        return new SignedRequest(method, path, query, new TreeMap<>(headers), new byte[0]);
    }
}
