package io.keysweep.server.iam;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts short secrets for the database, such as passwords. Thread-safe.
 *
 * <p>Each secret is bound to the place where it is stored, for example to the id of its row. A copy of the encrypted
 * text in another place cannot be decrypted.
 *
 * <p>The cipher is AES-256-GCM (NIST SP 800-38D) with a subkey of the master key and a random 12-byte nonce. The result
 * is the text {@code v1:} followed by the Base64 of nonce, cipher text and 16-byte tag.
 */
public final class SecretBox {

    private static final String VERSION = "v1:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /** Creates a box. Boxes with the same master key can open the secrets of one another. */
    public SecretBox(MasterKey masterKey) {
        this.key = new SecretKeySpec(masterKey.subkey("secret box v1"), "AES");
    }

    /**
     * Encrypts a secret.
     *
     * @param secret text to encrypt, such as a password
     * @param belongsTo where the secret is stored, such as {@code access-key:AK}; {@link #open} needs the same text
     * @return the encrypted text, which differs at each call
     */
    public String seal(String secret, String belongsTo) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, belongsTo).doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] nonceAndSealed = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return VERSION + Base64.getEncoder().encodeToString(nonceAndSealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES/GCM", e);
        }
    }

    /**
     * Decrypts a secret.
     *
     * @param sealed result of {@link #seal}
     * @param belongsTo the text that {@link #seal} was given
     * @throws SecretBoxException if {@code sealed} was sealed with another master key or for another place, was
     *     changed, or is malformed
     */
    public String open(String sealed, String belongsTo) {
        byte[] decoded = decode(sealed, belongsTo);
        byte[] nonce = Arrays.copyOf(decoded, NONCE_BYTES);
        try {
            byte[] secret = cipher(Cipher.DECRYPT_MODE, nonce, belongsTo)
                    .doFinal(decoded, NONCE_BYTES, decoded.length - NONCE_BYTES);
            return new String(secret, StandardCharsets.UTF_8);
        } catch (AEADBadTagException e) {
            throw new SecretBoxException(
                    "The secret of " + belongsTo + " cannot be decrypted: it was stored with another master key, or was"
                            + " changed or moved in the database. Restore master.key, or enter the secret again",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES/GCM", e);
        }
    }

    /** Returns nonce, cipher text and tag; refuses a text that {@link #seal} cannot have written. */
    private static byte[] decode(String sealed, String belongsTo) {
        if (sealed.startsWith(VERSION)) {
            try {
                byte[] decoded = Base64.getDecoder().decode(sealed.substring(VERSION.length()));
                // Even an empty secret has a nonce and a tag. A shorter text would make open() fail with an exception
                // that does not say what to do.
                if (decoded.length >= NONCE_BYTES + TAG_BYTES) {
                    return decoded;
                }
            } catch (IllegalArgumentException noBase64) {
                // The throw statement below refuses all malformed texts.
            }
        }
        throw new SecretBoxException("The secret of " + belongsTo + " is not of the form " + VERSION + "{Base64}:"
                + " it was truncated, or a newer release wrote it");
    }

    private Cipher cipher(int mode, byte[] nonce, String belongsTo) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        // GCM also authenticates this text, so a secret that was moved to another row cannot be decrypted.
        cipher.updateAAD(belongsTo.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
