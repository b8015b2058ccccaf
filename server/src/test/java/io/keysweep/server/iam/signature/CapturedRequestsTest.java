package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.signature.CanonicalRequest;
import io.keysweep.server.iam.signature.CapturedRequests.Captured;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that requests of real clients are verified, and are refused after any change.
 *
 * <p>Huawei Cloud's SDKs for Java, Python, Node and Go, and the client of Open Telekom Cloud, have signed the requests.
 */
final class CapturedRequestsTest {

    static List<Captured> all() {
        return CapturedRequests.all();
    }

    @Test
    void capturedRequests_areAllRead() {
        assertThat(all()).hasSize(27);
    }

    @ParameterizedTest
    @MethodSource("all")
    void canonicalRequest_ofACapturedRequest_equalsTheTextThatTheSdkSigned(Captured captured) {
        SignedRequest request = captured.request();
        TreeMap<String, String> signed = new TreeMap<>();
        ChangedRequests.signedHeaderNames(request)
                .forEach(name -> signed.put(name, ChangedRequests.value(request, name)));

        assertThat(new CanonicalRequest(
                                request.method(),
                                request.rawPath(),
                                request.rawQuery(),
                                signed,
                                HashAlgorithm.SHA256.hexHash(request.body()))
                        .text())
                .isEqualTo(captured.canonicalRequest());
    }

    @ParameterizedTest
    @MethodSource("all")
    void verify_aCapturedRequest_isVerifiedUpTo15MinutesBeforeAndAfterItsDate(Captured captured) {
        SignedRequest request = captured.request();
        Instant signedAt = SignatureTestSupport.signedAt(request);
        Duration window = Duration.ofMinutes(15);

        // The date is equal to the server's time, or up to 15 minutes before or after it.
        assertThat(verify(request, signedAt))
                .isEqualTo(new SignatureVerification.Verified(CapturedRequests.ACCESS_KEY));
        assertThat(verify(request, signedAt.plus(window))).isInstanceOf(SignatureVerification.Verified.class);
        assertThat(verify(request, signedAt.minus(window))).isInstanceOf(SignatureVerification.Verified.class);

        // The date is more than 15 minutes before or after the server's time.
        for (Duration tooFar : List.of(window.plusMillis(1), Duration.ofMinutes(16), Duration.ofDays(365))) {
            assertThat(SignatureTestSupport.reason(verify(request, signedAt.plus(tooFar))))
                    .isEqualTo(SignatureRefusalReason.DATE_OUTSIDE_WINDOW);
            assertThat(SignatureTestSupport.reason(verify(request, signedAt.minus(tooFar))))
                    .isEqualTo(SignatureRefusalReason.DATE_OUTSIDE_WINDOW);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void verify_aCapturedRequestWithAnySignedPartChanged_isRefused(Captured captured) {
        Instant signedAt = SignatureTestSupport.signedAt(captured.request());

        assertThat(ChangedRequests.of(captured.request()))
                .allSatisfy((part, changed) ->
                        assertThat(verify(changed, signedAt)).isInstanceOf(SignatureVerification.Refused.class));
    }

    private static SignatureVerification verify(SignedRequest request, Instant now) {
        SecretKeyLookup keys = accessKey -> accessKey.equals(CapturedRequests.ACCESS_KEY)
                ? Optional.of(CapturedRequests.SECRET_KEY)
                : Optional.empty();
        return new SignatureVerifier(keys, () -> now).verify(request);
    }
}
