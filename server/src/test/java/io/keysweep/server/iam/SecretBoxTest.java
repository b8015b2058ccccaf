package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a sealed secret can be opened only unchanged, in its own row and with the key that sealed it. */
final class SecretBoxTest {

    /** The row of the database to which a sealed secret is bound. */
    private static final String ROW = "instance 5560df16";

    private final SecretBox box = new SecretBox(MasterKey.of(new byte[32]));

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cret", "p\u00e4ssw\u00f6rd \ud83d\udd11", "v1:"})
    void open_ofASealedSecret_returnsTheSecret(String secret) {
        assertThat(box.open(box.seal(secret, ROW), ROW)).isEqualTo(secret);
    }

    @Test
    void seal_ofOneSecretTwice_returnsDifferentTexts() {
        assertThat(box.seal("s3cret", ROW)).startsWith("v1:").isNotEqualTo(box.seal("s3cret", ROW));
    }

    @Test
    void open_inAnotherRow_isRefused() {
        String sealed = box.seal("s3cret", ROW);

        assertThatExceptionOfType(SecretBoxException.class)
                .isThrownBy(() -> box.open(sealed, "instance 2"))
                .withMessageContaining("instance 2")
                .withMessageContaining("master.key")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void open_withAnotherMasterKey_isRefused() {
        byte[] otherKey = new byte[32];
        otherKey[0] = 1;
        String sealed = box.seal("s3cret", ROW);

        assertThatExceptionOfType(SecretBoxException.class)
                .isThrownBy(() -> new SecretBox(MasterKey.of(otherKey)).open(sealed, ROW));
    }

    @Test
    void open_ofATextWithAnyBitChanged_isRefused() {
        byte[] sealed = Base64.getDecoder().decode(box.seal("s3cret", ROW).substring(3));
        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            String text = "v1:" + Base64.getEncoder().encodeToString(flipped);
            assertThatExceptionOfType(SecretBoxException.class).isThrownBy(() -> box.open(text, ROW));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1:", "v1:AAAA", "v1:***", "v2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "s3cret"})
    void open_ofATextOfAnotherForm_isRefused(String text) {
        assertThatExceptionOfType(SecretBoxException.class)
                .isThrownBy(() -> box.open(text, ROW))
                .withMessageContaining(ROW)
                .withMessageContaining("v1:{Base64}");
    }
}
