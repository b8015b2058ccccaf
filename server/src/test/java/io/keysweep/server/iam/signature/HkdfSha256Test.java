package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Tests the derivation of keys with a test case of RFC 5869. */
final class HkdfSha256Test {

    /** Checks the first 32 bytes of RFC 5869, appendix A.3, where salt and info are empty. */
    @Test
    void deriveKey_ofTestCase3InRfc5869_isTheKeyOfTheStandard() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));

        assertThat(HexFormat.of().formatHex(HkdfSha256.deriveKey(secret, /* salt= */ "", /* info= */ "")))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }
}
