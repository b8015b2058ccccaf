package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests how a signed request merges headers, and that {@code toString} shows no header, query or body. */
final class SignedRequestTest {

    @Test
    void values_ofNamesThatDifferInCase_areMergedWithoutOuterBlanks() {
        SignedRequest request = new SignedRequest(
                "GET",
                "/v2",
                /* rawQuery= */ null,
                Map.of("X-A", List.of(" one\t", "two  words"), "x-a", List.of("three")),
                new byte[0]);

        assertThat(request.values("x-a")).containsExactlyInAnyOrder("one", "two  words", "three");
        assertThat(request.values("x-b")).isEmpty();
    }

    @Test
    void toString_showsNoHeaderQueryOrBody() {
        SignedRequest request =
                new SignedRequest("GET", "/v2", "secret=1", Map.of("Authorization", List.of("secret")), new byte[] {1});

        assertThat(request).hasToString("SignedRequest[GET /v2]");
    }
}
