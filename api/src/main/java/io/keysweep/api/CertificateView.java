package io.keysweep.api;

import java.time.Instant;

/**
 * Describes an X.509 certificate that connections to an instance use; the view never contains the private key.
 *
 * <p>It is part of {@link TlsView}.
 *
 * @param subject distinguished name of the certificate's owner, such as {@code CN=redis.example.com}
 * @param notAfter when the certificate expires
 * @param sha256 SHA-256 fingerprint of the certificate in hex
 */
public record CertificateView(String subject, Instant notAfter, String sha256) {}
