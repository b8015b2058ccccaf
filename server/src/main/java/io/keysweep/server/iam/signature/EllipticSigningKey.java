package io.keysweep.server.iam.signature;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * Verifies ECDSA and SM2 signatures with a public key that is derived from an access key. Immutable.
 *
 * <p>Client and server derive the same key pair from the secret key. They use the key derivation function (KDF) of NIST
 * SP 800-108 in counter mode: HMAC over the name of the algorithm and the access key id, keyed with the secret key.
 *
 * <p>The official Java SDK assumes that access key ids have 20 characters. For other ids, it derives a different key
 * than the other SDKs. The ids of Keysweep have 20 characters.
 */
final class EllipticSigningKey {

    /** The index of the only block of the KDF. One block suffices, because a hash has as many bits as a key. */
    private static final int BLOCK_INDEX = 1;

    private static final int KEY_BITS = 256;

    /**
     * The maximum number of candidates for the private key, because the number of the attempt is one byte of the KDF's
     * input.
     */
    private static final int MAX_ATTEMPTS = 255;

    /**
     * The maximum size of a signature in DER, in bytes: 2 numbers of 33 bytes with 2 bytes in front of each, and 2
     * bytes in front of both.
     */
    private static final int MAX_DER_BYTES = 72;

    private final SignatureAlgorithm algorithm;
    private final ECPublicKeyParameters publicKey;

    private EllipticSigningKey(SignatureAlgorithm algorithm, ECPublicKeyParameters publicKey) {
        this.algorithm = algorithm;
        this.publicKey = publicKey;
    }

    /** Derives the public key of an access key for one of the two elliptic-curve algorithms. */
    static EllipticSigningKey derive(SignatureAlgorithm algorithm, String accessKey, SecretAccessKey secret) {
        ECDomainParameters curve = findCurve(algorithm);
        BigInteger privateKey = derivePrivateKey(algorithm, accessKey, secret, curve.getN());
        ECPoint point = new FixedPointCombMultiplier().multiply(curve.getG(), privateKey);
        return new EllipticSigningKey(algorithm, new ECPublicKeyParameters(point, curve));
    }

    /**
     * Returns whether {@code derSignature} is a strict DER encoding of a signature over the text. Also returns false
     * for malformed bytes.
     */
    boolean verifies(byte[] text, byte[] derSignature) {
        if (derSignature.length > MAX_DER_BYTES) {
            return false;
        }
        return algorithm == SignatureAlgorithm.SDK_SM2_SM3
                ? verifiesSm2(text, derSignature)
                : verifiesEcdsa(text, derSignature);
    }

    private boolean verifiesSm2(byte[] text, byte[] derSignature) {
        SM2Signer verifier = new SM2Signer();
        verifier.init(/* forSigning= */ false, publicKey);
        verifier.update(text, 0, text.length);
        return verifier.verifySignature(derSignature);
    }

    /** Returns whether a signature is a valid ECDSA signature over the text; false for malformed bytes. */
    private boolean verifiesEcdsa(byte[] text, byte[] derSignature) {
        BigInteger order = publicKey.getParameters().getN();
        try {
            BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(order, derSignature);
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(/* forSigning= */ false, publicKey);
            return verifier.verifySignature(algorithm.hashAlgorithm().hash(text), rs[0], rs[1]);
        } catch (IOException | RuntimeException malformed) {
            // Bouncy Castle casts without a check, so well-formed DER of another structure throws a ClassCastException.
            return false;
        }
    }

    /** Returns the curve of the algorithm; {@code secp256r1} is another name of P-256. */
    private static ECDomainParameters findCurve(SignatureAlgorithm algorithm) {
        String name = algorithm == SignatureAlgorithm.SDK_SM2_SM3 ? "sm2p256v1" : "secp256r1";
        X9ECParameters curve = CustomNamedCurves.getByName(name);
        return new ECDomainParameters(curve);
    }

    /** Derives the private key of an access key: a number from 1 to {@code order - 1}, as the SDKs derive it. */
    private static BigInteger derivePrivateKey(
            SignatureAlgorithm algorithm, String accessKey, SecretAccessKey secret, BigInteger order) {
        // The key is the candidate plus one, so the highest allowed candidate is order - 2. If a candidate is higher,
        // the next attempt makes another candidate.
        BigInteger highestCandidate = order.subtract(BigInteger.TWO);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            byte[] input = kdfInput(algorithm.wireName(), accessKey, attempt);
            BigInteger candidate = new BigInteger(1, algorithm.hashAlgorithm().hmac(secret.bytes(), input));
            if (candidate.compareTo(highestCandidate) <= 0) {
                return candidate.add(BigInteger.ONE);
            }
        }
        // Each attempt fails with a probability of about 1 in 2^32, so no access key reaches this line.
        throw new IllegalStateException("No private key can be derived for access key " + accessKey);
    }

    /**
     * Builds the input of the KDF: block index, label, a zero byte, context with the attempt, and length of the key in
     * bits.
     */
    private static byte[] kdfInput(String label, String accessKey, int attempt) {
        byte[] labelBytes = label.getBytes(StandardCharsets.US_ASCII);
        byte[] context = accessKey.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Integer.BYTES + labelBytes.length + 1 + context.length + 1 + Integer.BYTES)
                .putInt(BLOCK_INDEX)
                .put(labelBytes)
                .put((byte) 0)
                .put(context)
                .put((byte) attempt)
                .putInt(KEY_BITS)
                .array();
    }
}
