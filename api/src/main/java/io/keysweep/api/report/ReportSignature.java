package io.keysweep.api.report;

import io.keysweep.api.signature.Ed25519;
import java.security.PublicKey;

/**
 * Holds the signature of a scan's report; part of {@link SignedReport}.
 *
 * @param algorithm always {@code Ed25519}
 * @param publicKey key that verifies the signature, as X.509 in Base64. Anybody can sign with a key of their own, so a
 *     reader compares it with the key that the service shows
 * @param value signature of the report's canonical JSON, in Base64
 */
public record ReportSignature(String algorithm, String publicKey, String value) {

    /**
     * Returns whether the signature is that of a report.
     *
     * @param key key of the service that is expected to have signed
     * @param report JSON of the report alone, with any spaces and order of fields
     * @throws IllegalArgumentException if the report is no JSON object
     */
    public boolean matches(PublicKey key, String report) {
        return algorithm.equals(Ed25519.ALGORITHM) && Ed25519.verifies(key, CanonicalJson.of(report), value);
    }
}
