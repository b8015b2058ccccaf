package io.keysweep.server.oidc;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.SecretBoxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Creates and checks what ties the two steps of a sign-in to one browser. Safe for use by several threads. */
final class BegunSignIns {

    /** The time that a person has to sign in at the issuer. */
    static final Duration VALIDITY = Duration.ofMinutes(10);

    private static final String BINDING = "oidc-sign-in";
    private static final int BYTES = 32;

    private final SecretBox box;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    BegunSignIns(SecretBox box, InstantSource clock) {
        this.box = box;
        this.clock = clock;
    }

    /**
     * Holds the secrets of one sign-in.
     *
     * @param state text that the issuer sends back with the browser
     * @param nonce text that the ID token must contain
     * @param verifier text whose hash the issuer gets first, and itself with the code
     * @param to path that the person wants to see
     * @param expiresAt when the sign-in ends
     */
    record Secrets(String state, String nonce, String verifier, String to, Instant expiresAt) {

        /** Returns the hash of the verifier (RFC 7636, section 4.2). */
        String challenge() {
            try {
                return encode(
                        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java has SHA-256", e);
            }
        }

        /** Returns a text for logs without the secrets. */
        @Override
        public String toString() {
            return "Secrets[hidden]";
        }
    }

    Secrets create(String to) {
        return new Secrets(text(), text(), text(), to, clock.instant().plus(VALIDITY));
    }

    /** Returns secrets as the text of a cookie. */
    String seal(Secrets secrets) {
        String text = String.join(
                "\n",
                secrets.state(),
                secrets.nonce(),
                secrets.verifier(),
                String.valueOf(secrets.expiresAt().toEpochMilli()),
                secrets.to());
        return encode(box.seal(text, BINDING).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns the secrets of a cookie.
     *
     * @throws RequestRefusedException if there is no cookie, or it is not of this service, is too old, or has another
     *     state
     */
    Secrets open(@Nullable String cookie, @Nullable String state) {
        if (cookie != null && state != null) {
            try {
                String sealed = new String(Base64.getUrlDecoder().decode(cookie), StandardCharsets.US_ASCII);
                String[] parts = box.open(sealed, BINDING).split("\n", -1);
                Secrets secrets = new Secrets(
                        parts[0], parts[1], parts[2], parts[4], Instant.ofEpochMilli(Long.parseLong(parts[3])));
                boolean isSame = MessageDigest.isEqual(
                        secrets.state().getBytes(StandardCharsets.UTF_8), state.getBytes(StandardCharsets.UTF_8));
                if (isSame && clock.instant().isBefore(secrets.expiresAt())) {
                    return secrets;
                }
            } catch (IllegalArgumentException | SecretBoxException e) {
                // The statement below refuses every text that is not one of this service.
            }
        }
        throw RequestRefusedException.of(
                ErrorCode.INVALID_TOKEN,
                "The sign-in was not begun in this browser, or more than " + VALIDITY.toMinutes()
                        + " minutes ago. Begin again.");
    }

    private String text() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return encode(bytes);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
