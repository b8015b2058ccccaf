package io.keysweep.server.iam.signature;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Derives 32-byte keys from a secret with HKDF-SHA256 (RFC 5869).
 *
 * <p>The expand step (section 2.3) needs only its first block, T(1), because 32 bytes are the length of one hash.
 */
public final class HkdfSha256 {

    private HkdfSha256() {}

    /**
     * Derives a key of 32 bytes. Keys with different salts or infos are unrelated.
     *
     * @param secret secret from which the key is derived
     * @param salt text that identifies who uses the secret, such as {@code keysweep}
     * @param info purpose of the key
     */
    public static byte[] deriveKey(byte[] secret, String salt, String info) {
        byte[] pseudoRandomKey = HashAlgorithm.SHA256.hmac(utf8(salt), secret);
        byte[] purpose = utf8(info);
        // T(1) is the HMAC over the info, followed by the number of the block as one byte.
        byte[] block = Arrays.copyOf(purpose, purpose.length + 1);
        block[purpose.length] = 1;
        return HashAlgorithm.SHA256.hmac(pseudoRandomKey, block);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
