package io.keysweep.api;

import java.util.List;

/**
 * Describes the certificates that TLS connections to an instance use; part of {@link InstanceView}.
 *
 * <p>The view never contains a private key.
 *
 * @param authorities certificates of the trusted authorities; empty if the authorities that Java trusts apply
 * @param certificate client certificate followed by the certificates that signed it; empty if there is none
 */
public record TlsView(List<CertificateView> authorities, List<CertificateView> certificate) {

    public TlsView {
        authorities = List.copyOf(authorities);
        certificate = List.copyOf(certificate);
    }
}
