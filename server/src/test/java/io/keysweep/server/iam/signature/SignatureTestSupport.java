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

    static Instant signedAt(SignedRequest request) {
        return LocalDateTime.parse(ChangedRequests.value(request, "x-sdk-date"), SDK_DATE)
                .toInstant(ZoneOffset.UTC);
    }

    static SignatureRefusalReason reason(SignatureVerification verification) {
        assertThat(verification).isInstanceOf(SignatureVerification.Refused.class);
        return ((SignatureVerification.Refused) verification).reason();
    }
}
