package io.keysweep.api.signature;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with an access key and the algorithm {@code SDK-HMAC-SHA256}. Immutable, safe for use by several
 * threads.
 *
 * <p>The CLI signs its requests with this class. The algorithm is the default of Huawei Cloud's official SDKs: the
 * signature is an HMAC over the time and the hash of the {@link CanonicalRequest}.
 */
public final class RequestSigner {

    private static final String ALGORITHM = "SDK-HMAC-SHA256";
    /**
     * The headers that the caller must not set. The signer or the HTTP client sets the first three. The server would
     * take the hash of the body from the fourth one, and not from the body.
     */
    private static final Set<String> RESERVED_HEADERS =
            Set.of("authorization", "host", "x-sdk-date", "x-sdk-content-sha256");

    private static final DateTimeFormatter SDK_DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String accessKey;
    private final SecretKeySpec key;
    private final InstantSource clock;

    /**
     * Creates a signer.
     *
     * @param accessKey access key id (AK)
     * @param secretKey secret access key (SK), not empty
     * @param clock source of the time in {@code X-Sdk-Date}
     */
    public RequestSigner(String accessKey, String secretKey, InstantSource clock) {
        this.accessKey = requireNonNull(accessKey, "accessKey is null");
        this.key = new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Signs one request. The server accepts the signature while its clock differs by at most 15 minutes from the time
     * of signing.
     *
     * @param method HTTP method, such as {@code GET}
     * @param uri absolute URI; the client must send it unchanged
     * @param headers further headers to sign by name, in any case, for example X-Project-Id; the client must send each
     *     with this value
     * @param body body that the client sends, an empty array if there is none
     * @return all headers to set on the request: the given headers, X-Sdk-Date and Authorization. Host is also signed,
     *     but not in the result, because HTTP clients set it themselves
     * @throws IllegalArgumentException if the URI has no host or a malformed path or query; if {@code headers} has a
     *     header that the caller must not set, or a name that is not an HTTP token; or if the method or the value of a
     *     header contains a control character
     */
    public Map<String, String> sign(String method, URI uri, Map<String, String> headers, byte[] body) {
        String date = SDK_DATE.format(clock.instant());
        TreeMap<String, String> headersToSend = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headersToSend.putAll(headers);
        headersToSend.put("X-Sdk-Date", date);

        TreeMap<String, String> signedHeaders = new TreeMap<>();
        signedHeaders.put("host", host(uri));
        headers.forEach((name, value) -> signedHeaders.put(requireNotReserved(name), value));
        signedHeaders.put("x-sdk-date", date);

        CanonicalRequest request =
                new CanonicalRequest(method, uri.getRawPath(), uri.getRawQuery(), signedHeaders, hex(sha256(body)));
        String stringToSign =
                ALGORITHM + "\n" + date + "\n" + hex(sha256(request.text().getBytes(StandardCharsets.UTF_8)));
        headersToSend.put(
                "Authorization",
                ALGORITHM + " Access=" + accessKey + ", SignedHeaders=" + request.signedHeaderNames() + ", Signature="
                        + hex(hmac(stringToSign)));
        return headersToSend;
    }

    /** Returns a text with the access key id and without the secret key. */
    @Override
    public String toString() {
        return "RequestSigner[accessKey=" + accessKey + "]";
    }

    /** Returns the lower-case name of a header of the caller; refuses a header that the signer or the client sets. */
    private static String requireNotReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (RESERVED_HEADERS.contains(lower)) {
            throw new IllegalArgumentException("Header " + name + " is set by the signer or by the HTTP client");
        }
        return lower;
    }

    /** Returns the Host header as HTTP clients send it: without the port if it is the default port of the scheme. */
    private static String host(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("The URI to sign has no host");
        }
        int defaultPort = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 || uri.getPort() == defaultPort ? host : host + ":" + uri.getPort();
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
