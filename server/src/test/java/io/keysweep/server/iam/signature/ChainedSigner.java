package io.keysweep.server.iam.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests in the steps of Open Telekom Cloud's Go client, without code of the service.
 *
 * <p>The key of a signature is derived in a chain: from the secret key, then the day, the region and the service.
 */
public final class ChainedSigner {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String accessKey;
    private final String secretKey;
    private final String region;
    private final String service;

    /** Creates a signer. The Go client leaves {@code region} and {@code service} empty. */
    public ChainedSigner(String accessKey, String secretKey, String region, String service) {
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.region = region;
        this.service = service;
    }

    /**
     * Returns the headers of a request with its signature.
     *
     * @param query query in canonical form, empty for none
     * @param body body, empty for none
     * @param more headers in addition to those that the client always sends
     */
    public Map<String, String> sign(
            String method, String host, String path, String query, String body, Map<String, String> more, Instant at) {
        // The canonical request is a text with all signed parts.
        String date = DATE.format(at);
        TreeMap<String, String> headers = new TreeMap<>(Map.of(
                "accept", "application/json", "host", host, "user-agent", "golangsdk/2.0.0", "x-sdk-date", date));
        more.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        String names = String.join(";", headers.keySet());
        StringBuilder lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(':').append(value).append('\n'));
        boolean queryAsBody = method.equals("POST") && body.isEmpty();
        String canonical = String.join(
                "\n",
                method,
                path.endsWith("/") ? path : path + "/",
                queryAsBody ? "" : query,
                lines,
                names,
                sha256(queryAsBody ? query.replace("%20", "+") : body));

        // The key is derived in a chain of four steps.
        String scope = date.substring(0, 8) + "/" + region + "/" + service + "/sdk_request";
        byte[] key = ("SDK" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }

        // The signed text has a hash of the canonical request.
        String text = "SDK-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical);
        headers.put(
                "authorization",
                "SDK-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                        + HexFormat.of().formatHex(hmac(key, text)));
        return headers;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
