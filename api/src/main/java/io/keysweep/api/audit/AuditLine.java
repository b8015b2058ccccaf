package io.keysweep.api.audit;

import io.keysweep.api.signature.Ed25519;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds one entry of the audit log: its content, the hash of the content, and the signature of the hash.
 *
 * <p>The content is one JSON object without line breaks. Its first field is {@code sequence}. Its last field is {@code
 * previous}, the hash of the entry before. In an export, hash and signature follow as the last two fields of the same
 * object. {@link AuditChain} verifies the entries of a log together.
 *
 * @param content the JSON object without the fields {@code hash} and {@code signature}
 * @param hash SHA-256 of the content in UTF-8, as 64 hex characters
 * @param signature Ed25519 signature of the 64 characters of the hash, in Base64
 */
public record AuditLine(String content, String hash, String signature) {

    /** The previous hash of the first entry of a log. */
    public static final String NO_HASH = "0".repeat(64);

    private static final Pattern LINE =
            Pattern.compile("(\\{.*),\"hash\":\"([0-9a-f]{64})\",\"signature\":\"([A-Za-z0-9+/=]{1,100})\"\\}");
    private static final Pattern BEGIN = Pattern.compile("\\{\"sequence\":(\\d{1,18}),");
    private static final Pattern END = Pattern.compile(",\"previous\":\"([0-9a-f]{64})\"\\}$");
    // Quotes inside a JSON text are escaped, so no text that a client has sent can match this.
    private static final Pattern PRUNED = Pattern.compile(
            ",\"pruned\":\\{\"entries\":\\d{1,18},\"through\":(\\d{1,18}),\"hash\":\"([0-9a-f]{64})\"\\},\"previous\":\"[0-9a-f]{64}\"\\}$");

    /**
     * Names the last of the entries that retention has removed.
     *
     * @param through sequence number of the last removed entry
     * @param hash hash of the last removed entry, which the first remaining entry has as its previous hash
     */
    public record Pruned(long through, String hash) {}

    /**
     * Parses a line of an export, without a check of hash and signature; the result is empty if the line has another
     * form.
     */
    public static Optional<AuditLine> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new AuditLine(matcher.group(1) + "}", matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    /** Returns the entry as a line of an export, without a line break. */
    public String line() {
        return content.substring(0, content.length() - 1) + ",\"hash\":\"" + hash + "\",\"signature\":\"" + signature
                + "\"}";
    }

    /** Returns the sequence number in the content, or -1 if the content does not begin with one. */
    public long sequence() {
        Matcher begin = BEGIN.matcher(content);
        return begin.lookingAt() ? Long.parseLong(begin.group(1)) : -1;
    }

    /** Returns the hash of the entry before, or null if the content does not end with one. */
    public @Nullable String previous() {
        Matcher end = END.matcher(content);
        return end.find() ? end.group(1) : null;
    }

    /** Returns the last entry that retention has removed, if this entry reports a removal; otherwise null. */
    public @Nullable Pruned pruned() {
        Matcher pruned = PRUNED.matcher(content);
        return pruned.find() ? new Pruned(Long.parseLong(pruned.group(1)), pruned.group(2)) : null;
    }

    /** Returns whether the hash matches the content. */
    public boolean hasRightHash() {
        return hash.equals(hashOf(content));
    }

    /** Returns whether the signature of the hash was made with the private key that belongs to a public key. */
    public boolean isSigned(PublicKey key) {
        return Ed25519.verifies(key, hash.getBytes(StandardCharsets.US_ASCII), signature);
    }

    /** Returns the SHA-256 of a content in UTF-8, as 64 hex characters. */
    public static String hashOf(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
