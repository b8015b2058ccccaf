package io.keysweep.api;

import java.time.Instant;

/**
 * Represents an X.509 certificate without its key.
 *
 * @param subject distinguished name of the certificate's owner
 * @param notAfter when the certificate expires
 * @param sha256 SHA-256 fingerprint in hex
 */
public record CertificateView(String subject, Instant notAfter, String sha256) {}
