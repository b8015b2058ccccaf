package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Tests the hashes and message authentication codes with test cases of their standards. */
final class HashAlgorithmTest {

    /** Checks test case 2 of RFC 4231. */
    @Test
    void hmac_ofTestCase2InRfc4231_isTheCodeOfTheStandard() {
        byte[] code = HashAlgorithm.SHA256.hmac(
                "Jefe".getBytes(StandardCharsets.US_ASCII),
                "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII));

        assertThat(HexFormat.of().formatHex(code))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    /** Checks the first example of GB/T 32905-2016. */
    @Test
    void sm3Hash_ofAbc_isTheHashOfTheStandard() {
        assertThat(HashAlgorithm.SM3.hexHash("abc"))
                .isEqualTo("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }
}
