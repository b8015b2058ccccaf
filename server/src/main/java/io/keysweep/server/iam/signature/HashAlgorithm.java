package io.keysweep.server.iam.signature;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

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
        Digest digest = digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
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
        HMac hmac = new HMac(digest());
        hmac.init(new KeyParameter(key));
        hmac.update(bytes, 0, bytes.length);
        byte[] code = new byte[hmac.getMacSize()];
        hmac.doFinal(code, 0);
        return code;
    }

    private Digest digest() {
        return switch (this) {
            case SHA256 -> SHA256Digest.newInstance();
            case SM3 -> new SM3Digest();
        };
    }
}
