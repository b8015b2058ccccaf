package io.keysweep.server.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the hashes of the audit log and the reports of scans with an Ed25519 key (RFC 8032) that is derived from the
 * master key. Thread-safe.
 *
 * <p>With the public key, an auditor can verify an export without any secret of the service. The signer also seals
 * <em>intents</em>: rows which say that a call has begun, see {@link AuditIntents}. A seal is an HMAC, because only the
 * service itself checks it.
 */
public final class AuditSigner {

    private static final String SEAL_ALGORITHM = "HmacSHA256";

    private final KeyPair keys;
    private final SecretKeySpec sealKey;

    private AuditSigner(KeyPair keys, SecretKeySpec sealKey) {
        this.keys = keys;
        this.sealKey = sealKey;
    }

    /**
     * Creates a signer whose keys follow from a seed. The same seed always gives the same keys.
     *
     * @param seed 32 bytes, which are the private key
     * @throws IllegalStateException if the seed has another length
     */
    public static AuditSigner of(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            byte[] sealKey = mac(new SecretKeySpec(seed, SEAL_ALGORITHM), "intent");
            return new AuditSigner(generator.generateKeyPair(), new SecretKeySpec(sealKey, SEAL_ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has Ed25519 and HMAC-SHA256", e);
        }
    }

    private static byte[] mac(SecretKeySpec key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(SEAL_ALGORITHM);
        mac.init(key);
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the HMAC of a text, as 64 hex characters. Only a process with this master key can compute it. */
    String seal(String text) {
        try {
            return HexFormat.of().formatHex(mac(sealKey, text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA256", e);
        }
    }

    /** Returns the signature of the characters of a hash, in Base64. */
    String sign(String hash) {
        return sign(hash.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns the signature of a document, in Base64.
     *
     * @param document bytes that begin with a brace. A hash never does, so the signature of a document is never the
     *     signature of a hash
     */
    public String sign(byte[] document) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(document);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has Ed25519", e);
        }
    }

    PublicKey publicKey() {
        return keys.getPublic();
    }

    /** Returns the public key as X.509 in Base64. */
    public String publicKeyText() {
        return Base64.getEncoder().encodeToString(publicKey().getEncoded());
    }

    /**
     * Gives the generator the seed instead of random bytes. The generator asks once for the private key, which is 32
     * bytes of any value.
     */
    private static final class Seed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        private Seed(byte[] seed) {
            this.seed = seed.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("A private key of Ed25519 has " + seed.length + " bytes");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
