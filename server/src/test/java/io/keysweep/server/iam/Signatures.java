package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What several signature tests look at. */
final class Signatures {

    private static final DateTimeFormatter SDK_DATE = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private Signatures() {}

    static Instant signedAt(SignedRequest request) {
        return LocalDateTime.parse(ChangedRequests.value(request, "x-sdk-date"), SDK_DATE)
                .toInstant(ZoneOffset.UTC);
    }

    static RefusalReason reason(Verification verification) {
        assertThat(verification).isInstanceOf(Verification.Refused.class);
        return ((Verification.Refused) verification).reason();
    }
}
