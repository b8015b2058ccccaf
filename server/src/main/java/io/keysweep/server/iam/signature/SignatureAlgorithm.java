package io.keysweep.server.iam.signature;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists the signature algorithms of Huawei Cloud's official SDKs and of Open Telekom Cloud's clients.
 *
 * <p>The name at the beginning of the Authorization header identifies the algorithm, and so the key that signs:
 *
 * <ul>
 *   <li>{@code SDK-HMAC-*}: HMAC (RFC 2104) with the secret key. If the header of {@code SDK-HMAC-SHA256} has a {@code
 *       Credential}, the key is instead derived for a scope by a chain of HMACs.
 *   <li>{@code V11-HMAC-SHA256}: HMAC with a key that HKDF (RFC 5869) derives for a scope.
 *   <li>The others: elliptic curves, see {@link EllipticSigningKey}.
 * </ul>
 *
 * <p>A scope is a day, a region and a service.
 */
enum SignatureAlgorithm {
    /** HMAC with SHA-256, the default of the SDKs. */
    SDK_HMAC_SHA256("SDK-HMAC-SHA256", HashAlgorithm.SHA256),
    /** HMAC with SHA-256 and a key derived by a chain of HMACs, as Open Telekom Cloud's clients sign. */
    SDK_HMAC_SHA256_CHAINED("SDK-HMAC-SHA256", HashAlgorithm.SHA256),
    /** HMAC with SHA-256 and a key that is derived for a day, a region and a service. */
    V11_HMAC_SHA256("V11-HMAC-SHA256", HashAlgorithm.SHA256),
    /** HMAC with the Chinese hash function SM3. */
    SDK_HMAC_SM3("SDK-HMAC-SM3", HashAlgorithm.SM3),
    /** ECDSA on the curve P-256, with SHA-256. */
    SDK_ECDSA_P256_SHA256("SDK-ECDSA-P256-SHA256", HashAlgorithm.SHA256),
    /** SM2, the Chinese elliptic-curve signature, with SM3. */
    SDK_SM2_SM3("SDK-SM2-SM3", HashAlgorithm.SM3);

    private final String wireName;
    private final HashAlgorithm hashAlgorithm;

    SignatureAlgorithm(String wireName, HashAlgorithm hashAlgorithm) {
        this.wireName = wireName;
        this.hashAlgorithm = hashAlgorithm;
    }

    /**
     * Finds the algorithm by the name in the Authorization header, such as {@code SDK-HMAC-SHA256}.
     *
     * @param scoped whether the header has a {@code Credential} with a scope; decides between two algorithms that share
     *     a name
     * @return empty if no algorithm has the name
     */
    static Optional<SignatureAlgorithm> find(String wireName, boolean scoped) {
        List<SignatureAlgorithm> candidates = Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName.equals(wireName))
                .toList();
        return candidates.stream()
                .filter(algorithm -> algorithm.isScoped() == scoped)
                .findFirst()
                // A scope that does not fit the name is refused later, with the form that the header must have.
                .or(() -> candidates.stream().findFirst());
    }

    /** Returns the names of all algorithms as a text for an error message, separated by commas. */
    static String allNames() {
        return Arrays.stream(values())
                .map(algorithm -> algorithm.wireName)
                .distinct()
                .collect(joining(", "));
    }

    HashAlgorithm hashAlgorithm() {
        return hashAlgorithm;
    }

    /**
     * Returns whether the signing key is derived for a day, a region and a service, which the Authorization header
     * names.
     */
    boolean isScoped() {
        return this == V11_HMAC_SHA256 || this == SDK_HMAC_SHA256_CHAINED;
    }

    /**
     * Returns whether the scope of a header has the form that this algorithm requires.
     *
     * <p>Clients of Open Telekom Cloud leave region and service empty, and end the scope with {@code sdk_request}.
     *
     * @param scope the scope; null if the header has none
     */
    boolean acceptsScope(@Nullable String scope) {
        if (scope == null) {
            return !isScoped();
        }
        // Splitting with the limit -1 keeps empty parts at the end.
        List<String> parts = List.of(scope.split("/", -1));
        return switch (this) {
            case V11_HMAC_SHA256 -> parts.size() == 3 && !parts.contains("");
            case SDK_HMAC_SHA256_CHAINED -> parts.size() == 4;
            default -> false;
        };
    }

    /** Returns the expected form of the Authorization header, for an error message. */
    String headerForm() {
        String credential = switch (this) {
            case V11_HMAC_SHA256 -> "Credential={access key}/{yyyyMMdd}/{region}/{service}";
            case SDK_HMAC_SHA256_CHAINED -> "Credential={access key}/{yyyyMMdd}/{region}/{service}/sdk_request";
            default -> "Access={access key}";
        };
        return wireName + " " + credential
                + ", SignedHeaders={lower-case names, sorted, joined by ;}, Signature={lower-case hex}";
    }

    /**
     * Builds the text that the client signs, one line each: name of the algorithm, date, scope if there is one, and
     * hash of the request.
     *
     * @param sdkDate value of the header X-Sdk-Date
     * @param canonicalRequest text of the {@code CanonicalRequest}, which client and server build in the same way
     */
    String stringToSign(AuthorizationHeader authorization, String sdkDate, String canonicalRequest) {
        String scopeLine = authorization.scope() == null ? "" : authorization.scope() + "\n";
        return wireName + "\n" + sdkDate + "\n" + scopeLine + hashAlgorithm.hexHash(canonicalRequest);
    }

    /**
     * Returns whether the signature in the header was made over the text with the secret.
     *
     * @param stringToSign result of {@link #stringToSign}
     */
    boolean matches(AuthorizationHeader authorization, SecretAccessKey secret, String stringToSign) {
        byte[] text = stringToSign.getBytes(StandardCharsets.UTF_8);
        return switch (this) {
            case SDK_HMAC_SHA256, SDK_HMAC_SM3 -> hmacMatches(authorization, secret.bytes(), text);
            case V11_HMAC_SHA256 -> hmacMatches(authorization, scopedKey(authorization, secret), text);
            case SDK_HMAC_SHA256_CHAINED -> hmacMatches(authorization, chainedKey(authorization, secret), text);
            case SDK_ECDSA_P256_SHA256, SDK_SM2_SM3 ->
                EllipticSigningKey.derive(this, authorization.accessKey(), secret)
                        .verifies(text, HexFormat.of().parseHex(authorization.signature()));
        };
    }

    String wireName() {
        return wireName;
    }

    private boolean hmacMatches(AuthorizationHeader authorization, byte[] key, byte[] text) {
        String expected = HexFormat.of().formatHex(hashAlgorithm.hmac(key, text));
        // A comparison in constant time does not reveal how much of a forged signature is right.
        return MessageDigest.isEqual(ascii(expected), ascii(authorization.signature()));
    }

    /**
     * Derives the signing key of {@link #V11_HMAC_SHA256}. As in the SDKs, the key is the hex text of the derived bytes
     * and not the bytes themselves.
     */
    private static byte[] scopedKey(AuthorizationHeader authorization, SecretAccessKey secret) {
        String scope = authorization.scope() == null ? "" : authorization.scope();
        byte[] derived = HkdfSha256.deriveKey(secret.bytes(), authorization.accessKey(), scope);
        return ascii(HexFormat.of().formatHex(derived));
    }

    /**
     * Derives the signing key of {@link #SDK_HMAC_SHA256_CHAINED}. The first key is {@code SDK} followed by the secret.
     * For each part of the scope, the next key is the HMAC over that part with the previous key.
     */
    private byte[] chainedKey(AuthorizationHeader authorization, SecretAccessKey secret) {
        String scope = authorization.scope() == null ? "" : authorization.scope();
        byte[] key = ("SDK" + secret.text()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hashAlgorithm.hmac(key, part.getBytes(StandardCharsets.UTF_8));
        }
        return key;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
