package io.keysweep.server.oidc;

import io.keysweep.server.error.ErrorCode;
import io.keysweep.server.error.Phrase;
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

/**
 * Creates and checks the cookie that ties the two steps of a sign-in to one browser.
 *
 * <p>In the first step, the service sends the browser to the issuer. In the second step, the issuer sends the browser
 * back. Between the steps, the cookie contains the secrets of the sign-in, encrypted with the master key, so that every
 * process of the service can do the second step. Thread-safe.
 */
final class SignInCookies {

    /** The time between the two steps that a person has to sign in at the issuer. */
    static final Duration VALIDITY = Duration.ofMinutes(10);

    /** The purpose to which the encryption is bound, see {@link SecretBox#seal}. */
    private static final String BINDING = "oidc-sign-in";

    private static final int SECRET_BYTES = 32;

    private final SecretBox box;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SignInCookies(SecretBox box, InstantSource clock) {
        this.box = box;
        this.clock = clock;
    }

    /**
     * Represents the content of the cookie: three random secrets of one sign-in, and where the person wants to go.
     *
     * @param state secret that the issuer sends back with the browser
     * @param nonce secret that the ID token must contain
     * @param verifier secret that proves to the issuer that both steps come from this service. The first step sends its
     *     hash, and the second step sends the secret itself
     * @param to path of the page that the person wants to see after the sign-in
     * @param expiresAt first instant at which the second step is refused
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

    /** Creates new random secrets for a sign-in that begins now. */
    Secrets create(String to) {
        return new Secrets(
                randomText(), randomText(), randomText(), to, clock.instant().plus(VALIDITY));
    }

    /** Encrypts secrets to the text of a cookie. */
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
     * Decrypts the cookie of the second step and checks the state.
     *
     * @param cookie text of the cookie; null if the browser has sent none
     * @param state the state that the issuer has sent back; null if there is none
     * @throws RequestRefusedException if the cookie is missing, was not made by this service or is too old, or if its
     *     state is another one
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
                // The throw statement below refuses all texts that seal has not made.
            }
        }
        throw RequestRefusedException.of(
                ErrorCode.INVALID_TOKEN,
                Phrase.of(
                        "The sign-in was not begun in this browser, or more than {0} minutes ago. Begin again.",
                        VALIDITY.toMinutes()));
    }

    private String randomText() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return encode(bytes);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
