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
 * Signs requests with an access key, algorithm {@code SDK-HMAC-SHA256}, the default of Huawei Cloud's official SDKs.
 * Immutable, safe for use by several threads.
 */
public final class RequestSigner {

    private static final String ALGORITHM = "SDK-HMAC-SHA256";
    private static final Set<String> OWN_HEADERS =
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
     */
    public RequestSigner(String accessKey, String secretKey, InstantSource clock) {
        this.accessKey = requireNonNull(accessKey, "accessKey is null");
        this.key = new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Signs one request, which is then good for 15 minutes.
     *
     * @param uri absolute; must be sent as it is
     * @param headers signed as well, for example X-Project-Id; each must then be sent with just this value
     * @param body what is sent, empty for none
     * @return all headers to set on the request: the given ones, X-Sdk-Date and Authorization. Host is signed, but not
     *     among them, since HTTP clients set it themselves
     * @throws IllegalArgumentException if the URI has no host, or a given header is one that the signer itself sets
     */
    public Map<String, String> sign(String method, URI uri, Map<String, String> headers, byte[] body) {
        String date = SDK_DATE.format(clock.instant());
        TreeMap<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.putAll(headers);
        sent.put("X-Sdk-Date", date);

        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", host(uri));
        headers.forEach((name, value) -> signed.put(foreign(name), value));
        signed.put("x-sdk-date", date);

        CanonicalRequest request =
                new CanonicalRequest(method, uri.getRawPath(), uri.getRawQuery(), signed, hex(sha256(body)));
        String stringToSign =
                ALGORITHM + "\n" + date + "\n" + hex(sha256(request.text().getBytes(StandardCharsets.UTF_8)));
        sent.put(
                "Authorization",
                ALGORITHM + " Access=" + accessKey + ", SignedHeaders=" + request.signedHeaderNames() + ", Signature="
                        + hex(hmac(stringToSign)));
        return sent;
    }

    /** Names the access key only. */
    @Override
    public String toString() {
        return "RequestSigner[accessKey=" + accessKey + "]";
    }

    private static String foreign(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (OWN_HEADERS.contains(lower)) {
            throw new IllegalArgumentException("Header " + name + " is set by the signer or by the HTTP client");
        }
        return lower;
    }

    /** The Host header as HTTP clients send it: without the port where it is the scheme's own. */
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
