package io.keysweep.server.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Represents the secret that signs the notices to one webhook, so that the receiver can check who sent them.
 *
 * <p>A notice is the message about one event. The Standard Webhooks specification defines the secret and the signature.
 *
 * @param text {@code whsec_} followed by the Base64 of the key, which is 32 random bytes
 */
record WebhookSecret(String text) {

    private static final String PREFIX = "whsec_";
    private static final int KEY_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Returns a new random secret. */
    static WebhookSecret generate() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /**
     * Returns the signature of one attempt.
     *
     * @param id the id of the delivery
     * @param at when the attempt is made, cut to seconds
     * @param body the JSON that is sent
     * @return {@code v1,} followed by the Base64 of HMAC-SHA256 over {@code id.seconds.body}
     */
    String sign(String id, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(text.substring(PREFIX.length())), ALGORITHM));
            byte[] signature =
                    mac.doFinal((id + "." + at.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks " + ALGORITHM, e);
        }
    }

    /** Returns a text without the secret, so that no log contains it. */
    @Override
    public String toString() {
        return "WebhookSecret[hidden]";
    }
}
