package io.keysweep.server.iam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Issues tokens for {@code X-Auth-Token}, or for sessions of the console, and reads them back. Nothing is stored: a token holds what it stands for,
 * under an HMAC-SHA256 with a key derived from the master key, so one cannot be revoked but by its expiry, or by
 * removing its access key, which is looked up on every request. Immutable, safe for use by several threads.
 */
public final class TokenIssuer {

    /** Of tokens for {@code X-Auth-Token}. */
    private static final String API = "kst1";

    /** Of the console's sessions, which are no good for the APIs, and the other way round. */
    private static final String CONSOLE = "ksc1";

    private static final int MAX_LENGTH = 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern FORM =
            Pattern.compile("(?<kind>[a-z0-9]{4})\\.(?<claims>[A-Za-z0-9_-]+)\\.(?<code>[A-Za-z0-9_-]{43})");
    private static final Pattern CLAIMS = Pattern.compile(
            "(?<accessKey>[A-Za-z0-9_-]+)\\.(?<projectId>[A-Za-z0-9_-]+)\\.(?<expiresAtMillis>-?[0-9]{1,18})");

    private final String kind;
    private final byte[] key;

    /** Creates an issuer that accepts the tokens of all issuers with the same master key. */
    public TokenIssuer(MasterKey masterKey) {
        this(masterKey, API);
    }

    private TokenIssuer(MasterKey masterKey, String kind) {
        this.kind = kind;
        this.key = masterKey.subkey("token " + kind);
    }

    /** One for the console's sessions, whose tokens no other issuer accepts. */
    public static TokenIssuer forConsole(MasterKey masterKey) {
        return new TokenIssuer(masterKey, CONSOLE);
    }

    /**
     * Issues a token.
     *
     * @param accessKey 1 to 128 letters, digits, {@code _} and {@code -}, as {@code projectId}
     * @param expiresAt first instant at which it is no longer good; kept in whole milliseconds
     * @throws IllegalArgumentException if a name is not of that form
     */
    public String issue(String accessKey, String projectId, Instant expiresAt) {
        if (!NAME.matcher(accessKey).matches() || !NAME.matcher(projectId).matches()) {
            throw new IllegalArgumentException("Access key and project id must be 1 to 128 letters, digits, _ or -");
        }
        String claims = accessKey + "." + projectId + "." + expiresAt.toEpochMilli();
        String signed = kind + "." + encode(claims.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + code(signed);
    }

    /** Reads a token back. No text makes this throw. */
    public TokenCheck verify(String token, Instant now) {
        if (token.length() > MAX_LENGTH) {
            return new TokenCheck.Invalid();
        }
        Matcher form = FORM.matcher(token);
        if (!form.matches() || !form.group("kind").equals(kind)) {
            return new TokenCheck.Invalid();
        }
        // Compared as text, since Base64 has several spellings of the same bytes.
        String signed = token.substring(0, token.lastIndexOf('.'));
        if (!MessageDigest.isEqual(ascii(code(signed)), ascii(form.group("code")))) {
            return new TokenCheck.Invalid();
        }
        Matcher claims = CLAIMS.matcher(
                new String(Base64.getUrlDecoder().decode(form.group("claims")), StandardCharsets.US_ASCII));
        if (!claims.matches()) {
            throw new IllegalStateException("A token of ours is not of the form " + kind);
        }
        Instant expiresAt = Instant.ofEpochMilli(Long.parseLong(claims.group("expiresAtMillis")));
        return now.isBefore(expiresAt)
                ? new TokenCheck.Valid(claims.group("accessKey"), claims.group("projectId"), expiresAt)
                : new TokenCheck.Expired();
    }

    private String code(String signed) {
        return encode(HashFamily.SHA256.hmac(key, ascii(signed)));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
