package io.keysweep.server.iam.signature;

import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Computes SM3 and its HMAC with Bouncy Castle, because the JDK does not have SM3.
 *
 * <p>This class is separate so that a service whose clients do not use SM3 never loads Bouncy Castle. Its jar is
 * signed, so loading its first class costs about 9 MB of memory for the names of all its classes.
 */
final class Sm3 {

    private Sm3() {}

    static byte[] hash(byte[] bytes) {
        SM3Digest digest = new SM3Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    static byte[] hmac(byte[] key, byte[] bytes) {
        HMac hmac = new HMac(new SM3Digest());
        hmac.init(new KeyParameter(key));
        hmac.update(bytes, 0, bytes.length);
        byte[] code = new byte[hmac.getMacSize()];
        hmac.doFinal(code, 0);
        return code;
    }
}
