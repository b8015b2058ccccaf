package io.keysweep.api;

import java.util.List;

/**
 * How connections to an instance are encrypted; never a private key.
 *
 * @param authorities whom it trusts; none is those that Java trusts
 * @param certificate what it shows the server, its own first; none is nothing
 */
public record TlsView(List<CertificateView> authorities, List<CertificateView> certificate) {

    public TlsView {
        authorities = List.copyOf(authorities);
        certificate = List.copyOf(certificate);
    }
}
