package io.keysweep.server.iam;

import io.keysweep.server.iam.signature.HashAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Issues and verifies tokens for {@code X-Auth-Token}.
 *
 * <p>The service does not store tokens. A token has the form {@code kst1.claims.code}, where claims and code are
 * Base64. The claims are the subject of the caller (the id of an access key, or the credential of a user), the project
 * and the expiry. The code is an HMAC-SHA256 over the claims with a subkey of the master key, so nobody else can make a
 * token.
 *
 * <p>A token ends when it expires. It also ends when its access key is withdrawn or the user's password changes,
 * because every request finds the caller in the database. Immutable and thread-safe.
 */
public final class TokenIssuer {

    /** The prefix of tokens. A release that changes the form of tokens uses another prefix. */
    private static final String KIND = "kst1";

    /** The maximum length of a token that is checked, in characters. Issued tokens have at most about 450. */
    private static final int MAX_LENGTH = 1024;

    /** The characters of subjects and project ids. A dot is not among them, because it separates the claims. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** The form of a token. The code has 43 characters, the Base64 of 32 bytes without padding. */
    private static final Pattern FORM =
            Pattern.compile("(?<kind>[a-z0-9]{4})\\.(?<claims>[A-Za-z0-9_-]+)\\.(?<code>[A-Za-z0-9_-]{43})");

    /** The decoded claims: subject, project id and expiry in milliseconds since 1970, separated by dots. */
    private static final Pattern CLAIMS = Pattern.compile(
            "(?<subject>[A-Za-z0-9_-]+)\\.(?<projectId>[A-Za-z0-9_-]+)\\.(?<expiresAtMillis>-?[0-9]{1,18})");

    private final byte[] key;

    /** Creates an issuer; it accepts the tokens of every issuer with the same master key. */
    public TokenIssuer(MasterKey masterKey) {
        this.key = masterKey.subkey("token " + KIND);
    }

    /**
     * Issues a token.
     *
     * @param subject subject of the caller, see {@link CallerLookup}: 1 to 128 letters, digits, {@code _} and {@code -}
     * @param projectId id of the caller's project, in the same characters
     * @param expiresAt first instant at which the token is no longer valid; stored in whole milliseconds
     * @throws IllegalArgumentException if {@code subject} or {@code projectId} has another form
     */
    public String issue(String subject, String projectId, Instant expiresAt) {
        if (!NAME.matcher(subject).matches() || !NAME.matcher(projectId).matches()) {
            throw new IllegalArgumentException("Access key and project id must be 1 to 128 letters, digits, _ or -");
        }
        String claims = subject + "." + projectId + "." + expiresAt.toEpochMilli();
        String content = KIND + "." + encode(claims.getBytes(StandardCharsets.US_ASCII));
        return content + "." + authenticationCode(content);
    }

    /**
     * Verifies a token, but not whether its caller still exists. No text causes an exception, however malformed it is.
     *
     * @param now current time; a token is valid only before its expiry
     */
    public TokenVerification verify(String token, Instant now) {
        if (token.length() > MAX_LENGTH) {
            return new TokenVerification.Invalid();
        }
        Matcher form = FORM.matcher(token);
        if (!form.matches() || !form.group("kind").equals(KIND)) {
            return new TokenVerification.Invalid();
        }

        // The Base64 texts are compared, not the bytes: several texts decode to the same bytes, and only one of them is
        // the issued token.
        String content = token.substring(0, token.lastIndexOf('.'));
        if (!MessageDigest.isEqual(ascii(authenticationCode(content)), ascii(form.group("code")))) {
            return new TokenVerification.Invalid();
        }

        Matcher claims = CLAIMS.matcher(
                new String(Base64.getUrlDecoder().decode(form.group("claims")), StandardCharsets.US_ASCII));
        if (!claims.matches()) {
            throw new IllegalStateException("A token with a valid code is not of the form " + KIND);
        }
        Instant expiresAt = Instant.ofEpochMilli(Long.parseLong(claims.group("expiresAtMillis")));
        return now.isBefore(expiresAt)
                ? new TokenVerification.Valid(claims.group("subject"), claims.group("projectId"), expiresAt)
                : new TokenVerification.Expired(expiresAt);
    }

    /** Returns the HMAC of kind and claims as Base64, which only a service with the master key can make. */
    private String authenticationCode(String content) {
        return encode(HashAlgorithm.SHA256.hmac(key, ascii(content)));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
