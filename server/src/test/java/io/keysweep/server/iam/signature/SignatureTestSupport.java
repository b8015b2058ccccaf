package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Extracts values from signed requests and verifications for the signature tests. */
final class SignatureTestSupport {

    private static final DateTimeFormatter SDK_DATE = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private SignatureTestSupport() {}

    /** Returns the time at which a request says that it was signed. */
    static Instant signedAt(SignedRequest request) {
        return LocalDateTime.parse(ChangedRequests.value(request, "x-sdk-date"), SDK_DATE)
                .toInstant(ZoneOffset.UTC);
    }

    /** Returns why a verification refused a request. Throws AssertionError if it did not refuse it. */
    static SignatureRefusalReason reason(SignatureVerification verification) {
        assertThat(verification).isInstanceOf(SignatureVerification.Refused.class);
        return ((SignatureVerification.Refused) verification).reason();
    }
}
