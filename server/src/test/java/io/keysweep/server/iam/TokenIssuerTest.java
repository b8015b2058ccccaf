package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a token is valid only unchanged, before it expires, and with the master key that issued it. */
final class TokenIssuerTest {

    private static final Instant EXPIRY = Instant.parse("2026-11-25T02:29:53.123Z");
    private static final Instant BEFORE = EXPIRY.minusMillis(1);
    private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

    private final TokenIssuer issuer = new TokenIssuer(MasterKey.of(new byte[32]));
    private final String token = issuer.issue("ACCESSKEY", PROJECT, EXPIRY);

    @Test
    void verify_ofAnIssuedToken_isValidUntilItExpires() {
        assertThat(issuer.verify(token, BEFORE)).isEqualTo(new TokenVerification.Valid("ACCESSKEY", PROJECT, EXPIRY));
        assertThat(issuer.verify(token, EXPIRY)).isEqualTo(new TokenVerification.Expired(EXPIRY));
    }

    @Test
    void verify_ofATokenIssuedWithTheSameMasterKey_isValid() {
        assertThat(new TokenIssuer(MasterKey.of(new byte[32])).verify(token, BEFORE))
                .isInstanceOf(TokenVerification.Valid.class);
    }

    @Test
    void verify_ofATokenIssuedWithAnotherMasterKey_isInvalid() {
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;

        assertThat(new TokenIssuer(MasterKey.of(otherKey)).verify(token, BEFORE))
                .isEqualTo(new TokenVerification.Invalid());
    }

    @Test
    void verify_ofATokenWithAnyCharacterChangedOrCutOff_isInvalid() {
        for (int i = 0; i < token.length(); i++) {
            char changed = token.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(issuer.verify(token.substring(0, i) + changed + token.substring(i + 1), BEFORE))
                    .as("character %d", i)
                    .isEqualTo(new TokenVerification.Invalid());
            assertThat(issuer.verify(token.substring(0, i), BEFORE)).isEqualTo(new TokenVerification.Invalid());
        }
        assertThat(issuer.verify(token + "A", BEFORE)).isEqualTo(new TokenVerification.Invalid());
    }

    // A token has the form kst1.claims.code, in Base64.
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "kst1..", "kst1.YQ.YQ", "kst2.YQ.YQ", "\u0000", "\ud800"})
    void verify_ofAMalformedToken_isInvalid(String text) {
        assertThat(issuer.verify(text, BEFORE)).isEqualTo(new TokenVerification.Invalid());
        assertThat(issuer.verify(text.repeat(5_000), BEFORE)).isEqualTo(new TokenVerification.Invalid());
    }

    @Test
    void verify_ofARandomText_isInvalid() {
        Random random = new Random(20261124);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThat(issuer.verify("kst1." + text + "." + "A".repeat(43), BEFORE))
                    .isEqualTo(new TokenVerification.Invalid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a b", "a\nb", "\u00e9"})
    void issue_withAMalformedName_throwsIllegalArgument(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> issuer.issue(name, PROJECT, EXPIRY));
        assertThatIllegalArgumentException().isThrownBy(() -> issuer.issue("ACCESSKEY", name, EXPIRY));
    }
}
