package io.keysweep.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.server.iam.guessing.WrongSecretLimit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a client with made-up authorization codes cannot make the service flood the OpenID Connect issuer.
 *
 * <p>After a sign-in at the issuer, the browser returns to the service with a code, which the service exchanges for a
 * token at the issuer. Codes that the issuer refuses count like wrong passwords of the client's address.
 */
class OidcCodeLimitIT {

    @Test
    void madeUpCodes_afterTenOfOneAddress_areNotSentToTheIssuer(@TempDir Path home) {
        try (TestIssuer issuer = new TestIssuer();
                TestService service = TestService.start(
                        home,
                        Map.of(
                                "KEYSWEEP_OIDC_ISSUER",
                                issuer.issuer(),
                                "KEYSWEEP_OIDC_CLIENT_ID",
                                TestIssuer.CLIENT,
                                "KEYSWEEP_OIDC_CLIENT_SECRET",
                                TestIssuer.SECRET,
                                "KEYSWEEP_OIDC_ROLES",
                                "dba=operator"))) {
            // A request without the cookie that the service sets at the beginning of a sign-in is neither sent to the
            // issuer nor counted. Any web page could make a browser send such requests.
            for (int i = 0; i < 2 * WrongSecretLimit.MAX_WRONG_KEYS; i++) {
                ConsoleClient.Answer foreign = new ConsoleClient(service.endpoint())
                        .get("/console/sign-in/oidc/callback?state=made-up&code=made-up");
                assertThat(foreign.status()).isEqualTo(401);
            }

            // The limit is for made-up codes with the cookie. A further code is not sent to the issuer.
            for (int i = 0; i < WrongSecretLimit.MAX_WRONG_KEYS; i++) {
                assertThat(madeUpCode(service).body()).contains("the issuer has refused the sign-in");
            }

            int exchangesBefore = issuer.exchanges();
            ConsoleClient.Answer refusal = madeUpCode(service);

            assertThat(refusal.status()).isEqualTo(429);
            assertThat(refusal.header("Retry-After")).isEqualTo("60");
            assertThat(refusal.body()).contains("Wait a minute");
            assertThat(issuer.exchanges()).isEqualTo(exchangesBefore).isEqualTo(WrongSecretLimit.MAX_WRONG_KEYS);

            // Wrong codes do not block sign-ins with an access key from the same address.
            assertThat(new ConsoleClient(service.endpoint())
                            .signIn(service.administrator())
                            .status())
                    .isEqualTo(302);
        }
    }

    private static ConsoleClient.Answer madeUpCode(TestService service) {
        ConsoleClient client = new ConsoleClient(service.endpoint());
        String state = client.get("/console/sign-in/oidc").header("Location").replaceAll(".*[?&]state=([^&]+).*", "$1");
        return client.get("/console/sign-in/oidc/callback?state=" + state + "&code=made-up");
    }
}
