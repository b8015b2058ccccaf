package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** The two hashes that requests are signed with, both of 32 bytes. Safe for use by several threads. */
enum HashFamily {
    SHA256("x-sdk-content-sha256"),
    SM3("x-sdk-content-sm3");

    private final String contentHeader;

    HashFamily(String contentHeader) {
        this.contentHeader = contentHeader;
    }

    /** The header, in lower case, in which a client may give the body's hash. */
    String contentHeader() {
        return contentHeader;
    }

    byte[] hash(byte[] bytes) {
        Digest digest = digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    String hexHash(byte[] bytes) {
        return HexFormat.of().formatHex(hash(bytes));
    }

    String hexHash(String text) {
        return hexHash(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] hmac(byte[] key, byte[] bytes) {
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
