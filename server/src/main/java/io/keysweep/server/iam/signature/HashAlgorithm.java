package io.keysweep.server.iam.signature;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Lists the hash functions of the signature algorithms; both return 32 bytes.
 *
 * <p>Thread-safe.
 */
public enum HashAlgorithm {
    /** SHA-256 (FIPS 180-4). */
    SHA256("x-sdk-content-sha256"),
    /** SM3, the Chinese standard (GB/T 32905). */
    SM3("x-sdk-content-sm3");

    private final String contentHeader;

    HashAlgorithm(String contentHeader) {
        this.contentHeader = contentHeader;
    }

    /** Returns the lower-case name of the header in which a client can send the hash of the body. */
    String contentHeader() {
        return contentHeader;
    }

    /** Returns the hash of bytes, 32 bytes. */
    byte[] hash(byte[] bytes) {
        return switch (this) {
            case SHA256 -> Sha256.hash(bytes);
            case SM3 -> Sm3.hash(bytes);
        };
    }

    /** Returns the hash of bytes as 64 lower-case hex digits. */
    String hexHash(byte[] bytes) {
        return HexFormat.of().formatHex(hash(bytes));
    }

    /** Returns the hash of a text in UTF-8 as 64 lower-case hex digits. */
    String hexHash(String text) {
        return hexHash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the HMAC (RFC 2104) of bytes under a key, 32 bytes. */
    public byte[] hmac(byte[] key, byte[] bytes) {
        return switch (this) {
            case SHA256 -> Sha256.hmac(key, bytes);
            case SM3 -> Sm3.hmac(key, bytes);
        };
    }
}
