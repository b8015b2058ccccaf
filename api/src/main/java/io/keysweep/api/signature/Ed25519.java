package io.keysweep.api.signature;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads public keys of the service, and verifies what the service has signed with Ed25519 (RFC 8032).
 *
 * <p>The service signs the entries of the audit log and the reports of scans.
 */
public final class Ed25519 {

    /** The name of the algorithm, for the JDK and in reports. */
    public static final String ALGORITHM = "Ed25519";

    private Ed25519() {}

    /**
     * Reads a public key.
     *
     * @param text the key as X.509 in Base64, the form in which the service shows it
     * @return the key; empty if the text is no such key
     */
    public static Optional<PublicKey> publicKey(String text) {
        try {
            return Optional.of(KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether a signature was made for these bytes with the private key that belongs to a public key.
     *
     * @param signature the signature in Base64; text of another form is treated as a wrong signature
     */
    public static boolean verifies(PublicKey key, byte[] bytes, String signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The signature has another length or is not Base64, or the key is of another kind.
            return false;
        }
    }
}
