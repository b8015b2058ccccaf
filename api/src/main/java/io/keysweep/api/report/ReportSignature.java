package io.keysweep.api.report;

import io.keysweep.api.signature.Ed25519;
import java.security.PublicKey;

/**
 * Holds the signature of a scan's report; part of {@link SignedReport}.
 *
 * @param algorithm always {@code Ed25519}
 * @param publicKey key that verifies the signature, as X.509 in Base64. Anybody can sign with another key, so a
 *     reader must compare it with the key that the service shows
 * @param value signature of the report's canonical JSON, in Base64
 */
public record ReportSignature(String algorithm, String publicKey, String value) {

    /**
     * Returns whether the owner of a key has signed exactly this report.
     *
     * @param key public key of the service that should have signed the report
     * @param report JSON of the report without its signature; spaces and the order of fields do not matter
     * @throws IllegalArgumentException if the report is not a JSON object
     */
    public boolean matches(PublicKey key, String report) {
        return algorithm.equals(Ed25519.ALGORITHM) && Ed25519.verifies(key, CanonicalJson.of(report), value);
    }
}
