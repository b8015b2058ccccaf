package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys of 32 bytes by HKDF-SHA256 (RFC 5869); that length needs the first block of its output only. */
final class DerivedKey {

    private DerivedKey() {}

    static byte[] of(byte[] secret, String salt, String info) {
        byte[] pseudoRandomKey = HashFamily.SHA256.hmac(utf8(salt), secret);
        byte[] purpose = utf8(info);
        byte[] block = Arrays.copyOf(purpose, purpose.length + 1);
        block[purpose.length] = 1;
        return HashFamily.SHA256.hmac(pseudoRandomKey, block);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
