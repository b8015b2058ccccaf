package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes how the nodes of a test deployment connect to each other: over IPv4 or IPv6, with or without TLS.
 *
 * <p>Each node also accepts plain TCP on 127.0.0.1, for the test's own queries. All nodes are on the loopback address.
 *
 * @param host the address that nodes announce and under which they know each other, for example {@code ::1}
 * @param certificates the certificates that nodes present to each other, or null for plain TCP
 * @param clientsNeedCertificates whether clients must present a certificate as well; has no effect without TLS
 */
public record Wiring(String host, @Nullable Certificates certificates, boolean clientsNeedCertificates) {

    /** The wiring with plain TCP over IPv4. */
    public static final Wiring PLAIN =
            new Wiring("127.0.0.1", /* certificates= */ null, /* clientsNeedCertificates= */ false);

    /** Returns TLS over IPv4, where nodes and clients present certificates. */
    public static Wiring mutualTls(Certificates certificates) {
        return new Wiring("127.0.0.1", certificates, /* clientsNeedCertificates= */ true);
    }

    /** Returns TLS over IPv6, where clients need no certificate. */
    public static Wiring tlsOverIpv6(Certificates certificates) {
        return new Wiring("::1", certificates, /* clientsNeedCertificates= */ false);
    }

    /** Returns plain TCP over IPv6. */
    public static Wiring ipv6() {
        return new Wiring("::1", /* certificates= */ null, /* clientsNeedCertificates= */ false);
    }

    /** Returns the port that a node announces: its TLS port if this wiring uses TLS. */
    public int port(RedisServer node) {
        return certificates == null ? node.port() : node.tlsPort();
    }

    /** Returns the options that a node needs on its command line. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (host.indexOf(':') >= 0) {
            // A node opens its own connections from the first address.
            options.addAll(List.of("--bind", host, "127.0.0.1"));
        }
        Certificates presentedCertificates = certificates;
        if (presentedCertificates != null) {
            options.addAll(RedisCommandLine.tlsOptions(
                    presentedCertificates.server(),
                    presentedCertificates.authority().certificate()));
            options.addAll(
                    List.of("--tls-replication", "yes", "--tls-auth-clients", clientsNeedCertificates ? "yes" : "no"));
        }
        return options;
    }
}
