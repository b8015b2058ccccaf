package io.keysweep.api;

import java.util.List;

/**
 * Describes the certificates of TLS connections to an instance; never contains a private key.
 *
 * @param authorities certificates of the trusted authorities; empty for the authorities that Java trusts
 * @param certificate client certificate followed by the certificates that signed it; empty if there is none
 */
public record TlsView(List<CertificateView> authorities, List<CertificateView> certificate) {

    public TlsView {
        authorities = List.copyOf(authorities);
        certificate = List.copyOf(certificate);
    }
}
