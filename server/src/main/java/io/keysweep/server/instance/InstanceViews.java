package io.keysweep.server.instance;

import io.keysweep.api.CertificateView;
import io.keysweep.api.InstanceCheck;
import io.keysweep.api.InstanceView;
import io.keysweep.api.TlsView;
import io.keysweep.engine.sweep.PrimarySummary;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeMap;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.server.instance.RaisedServers.RaisedServer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Converts instances to the views that the native API returns.
 *
 * <p>A view shows whether a password is set, but never the password. It shows the subject, the end of validity and the
 * fingerprint of each certificate. Thread-safe.
 */
@Component
public final class InstanceViews {

    private final RaisedServers raisedServers;

    InstanceViews(RaisedServers raisedServers) {
        this.raisedServers = raisedServers;
    }

    /** Returns the view of an instance. */
    public InstanceView of(Instance instance) {
        return of(instance, raisedServers.ofInstance(instance.id()));
    }

    /** Returns the views of instances of a project, in the same order. */
    List<InstanceView> ofAll(String projectId, List<Instance> instances) {
        Map<UUID, List<RaisedServer>> serversByInstance =
                raisedServers.ofProject(projectId).stream().collect(Collectors.groupingBy(RaisedServer::instanceId));
        return instances.stream()
                .map(instance -> of(instance, serversByInstance.getOrDefault(instance.id(), List.of())))
                .toList();
    }

    private static InstanceView of(Instance instance, List<RaisedServer> raisedServers) {
        InstanceObservation observation = instance.observation();
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
                instance.tags().values(),
                instance.assist(),
                raisedServers.stream().map(RaisedServer::view).toList(),
                observation == null ? null : observation.flavour(),
                observation == null ? null : observation.version(),
                observation == null ? null : observation.problem(),
                observation == null ? null : observation.checkedAt(),
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

    /** Returns the view of a certificate, with the SHA-256 of its DER form as its fingerprint. */
    private static CertificateView certificate(X509Certificate certificate) {
        try {
            return new CertificateView(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getNotAfter().toInstant(),
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot encode a certificate that was parsed before", e);
        }
    }

    /** Returns the view of a primary that was inspected for a test of an instance. */
    static InstanceCheck.Primary primary(PrimarySummary primary) {
        return new InstanceCheck.Primary(
                primary.nodeId(),
                primary.profile().flavour().name(),
                primary.profile().version(),
                primary.profile().method() + ": " + primary.profile().methodReason(),
                primary.totalKeys(),
                primary.usedMemory());
    }
}
