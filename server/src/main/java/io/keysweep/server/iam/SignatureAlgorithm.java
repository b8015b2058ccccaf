package io.keysweep.server.iam;

import static java.util.stream.Collectors.joining;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The signature algorithms of Huawei Cloud's official SDKs, by the name that begins the Authorization header. */
enum SignatureAlgorithm {
    SDK_HMAC_SHA256("SDK-HMAC-SHA256", HashFamily.SHA256),
    V11_HMAC_SHA256("V11-HMAC-SHA256", HashFamily.SHA256),
    SDK_HMAC_SM3("SDK-HMAC-SM3", HashFamily.SM3),
    SDK_ECDSA_P256_SHA256("SDK-ECDSA-P256-SHA256", HashFamily.SHA256),
    SDK_SM2_SM3("SDK-SM2-SM3", HashFamily.SM3);

    private final String wireName;
    private final HashFamily hashFamily;

    SignatureAlgorithm(String wireName, HashFamily hashFamily) {
        this.wireName = wireName;
        this.hashFamily = hashFamily;
    }

    static Optional<SignatureAlgorithm> named(String wireName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName.equals(wireName))
                .findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(algorithm -> algorithm.wireName).collect(joining(", "));
    }

    HashFamily hashFamily() {
        return hashFamily;
    }

    /** Whether the credential names a day, a region and a service, from which the key is derived. */
    boolean isScoped() {
        return this == V11_HMAC_SHA256;
    }

    /** How the Authorization header must look. */
    String form() {
        String credential =
                isScoped() ? "Credential={access key}/{yyyyMMdd}/{region}/{service}" : "Access={access key}";
        return wireName + " " + credential + ", SignedHeaders={a;b;c}, Signature={lower-case hex}";
    }

    /** The text under the signature. */
    String stringToSign(Authorization authorization, String sdkDate, String canonicalRequest) {
        String scopeLine = authorization.scope() == null ? "" : authorization.scope() + "\n";
        return wireName + "\n" + sdkDate + "\n" + scopeLine + hashFamily.hexHash(canonicalRequest);
    }

    /** Whether the signature was made over that text with that secret. */
    boolean matches(Authorization authorization, SecretAccessKey secret, String stringToSign) {
        byte[] text = stringToSign.getBytes(StandardCharsets.UTF_8);
        return switch (this) {
            case SDK_HMAC_SHA256, SDK_HMAC_SM3 -> hmacMatches(authorization, secret.bytes(), text);
            case V11_HMAC_SHA256 -> hmacMatches(authorization, scopedKey(authorization, secret), text);
            case SDK_ECDSA_P256_SHA256, SDK_SM2_SM3 ->
                EllipticSigningKey.derive(this, authorization.accessKey(), secret)
                        .verifies(text, HexFormat.of().parseHex(authorization.signature()));
        };
    }

    String wireName() {
        return wireName;
    }

    private boolean hmacMatches(Authorization authorization, byte[] key, byte[] text) {
        String expected = HexFormat.of().formatHex(hashFamily.hmac(key, text));
        return MessageDigest.isEqual(ascii(expected), ascii(authorization.signature()));
    }

    /** The key is the hex text of the derived bytes, not the bytes themselves. */
    private static byte[] scopedKey(Authorization authorization, SecretAccessKey secret) {
        String scope = authorization.scope() == null ? "" : authorization.scope();
        byte[] derived = DerivedKey.of(secret.bytes(), authorization.accessKey(), scope);
        return ascii(HexFormat.of().formatHex(derived));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
