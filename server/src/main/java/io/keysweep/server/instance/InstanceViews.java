package io.keysweep.server.instance;

import io.keysweep.api.CertificateView;
import io.keysweep.api.InstanceTest;
import io.keysweep.api.InstanceView;
import io.keysweep.api.TlsView;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Instances as the native API shows them: whether there are secrets, and never one. */
final class InstanceViews {

    private InstanceViews() {}

    static InstanceView of(Instance instance) {
        InstanceObservation seen = instance.observation();
        Credentials credentials = instance.deployment().access().credentials();
        Credentials sentinel = InstanceFields.sentinel(instance.deployment());
        NodeMap nodeMap = InstanceFields.nodeMap(instance.deployment());
        return new InstanceView(
                instance.id().toString(),
                instance.projectId(),
                instance.name(),
                instance.uri(),
                credentials.username(),
                credentials.password() != null,
                sentinel.username(),
                sentinel.password() != null,
                nodeMap.equals(NodeMap.NONE) ? null : nodeMap.toString(),
                tls(instance.deployment().access().tls()),
                seen == null ? null : seen.flavour(),
                seen == null ? null : seen.version(),
                seen == null ? null : seen.problem(),
                seen == null ? null : seen.checkedAt(),
                instance.createdAt(),
                instance.updatedAt(),
                instance.revision());
    }

    private static @Nullable TlsView tls(@Nullable Tls tls) {
        return tls == null ? null : new TlsView(certificates(tls.authorities()), certificates(tls.certificate()));
    }

    private static List<CertificateView> certificates(@Nullable Pem pem) {
        return pem == null
                ? List.of()
                : pem.certificates("certificate").stream()
                        .map(InstanceViews::certificate)
                        .toList();
    }

    private static CertificateView certificate(X509Certificate certificate) {
        try {
            return new CertificateView(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getNotAfter().toInstant(),
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has no encoded form", e);
        }
    }

    static InstanceTest.Primary primary(PrimarySummary seen) {
        return new InstanceTest.Primary(
                seen.nodeId(),
                seen.profile().flavour().name(),
                seen.profile().version(),
                seen.profile().method() + ": " + seen.profile().methodReason(),
                seen.totalKeys(),
                seen.usedMemory());
    }
}
