package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Tests the signature of webhook deliveries against the test vector of the Standard Webhooks specification. */
class WebhookSecretTest {

    /** Checks the test vector of the specification's reference libraries. */
    @Test
    void sign_ofTheTestVector_returnsTheSignatureOfTheSpecification() {
        WebhookSecret secret = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(secret.sign(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330L, 999_000_000),
                        "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void generate_calledTwice_returnsDifferentSecretsOf32Bytes() {
        WebhookSecret secret = WebhookSecret.generate();

        assertThat(secret.text()).startsWith("whsec_");
        assertThat(Base64.getDecoder().decode(secret.text().substring("whsec_".length())))
                .hasSize(32);
        assertThat(secret).isNotEqualTo(WebhookSecret.generate());
        assertThat(secret.toString()).doesNotContain(secret.text());
    }
}
