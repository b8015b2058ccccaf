package io.keysweep.api;

import java.time.Instant;

/**
 * A certificate.
 *
 * @param subject whose, as its distinguished name
 * @param notAfter when it expires
 * @param sha256 its fingerprint, hex
 */
public record CertificateView(String subject, Instant notAfter, String sha256) {}
