package io.keysweep.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes of a deployment talk to each other, and are announced to others. Whatever it is, each also listens to
 * plain TCP on 127.0.0.1, for the test's own questions.
 *
 * @param host the address that nodes know each other by
 * @param certificates what they show each other; null for no TLS
 * @param clientsShow whether clients need a certificate as well
 */
public record Wiring(String host, @Nullable Certificates certificates, boolean clientsShow) {

    /** TCP over IPv4. */
    public static final Wiring PLAIN = new Wiring("127.0.0.1", null, false);

    /** TLS over IPv4, with nodes and clients that show certificates. */
    public static Wiring mutualTls(Certificates certificates) {
        return new Wiring("127.0.0.1", certificates, true);
    }

    /** TLS over IPv6, with clients that need no certificate. */
    public static Wiring tlsOverIpv6(Certificates certificates) {
        return new Wiring("::1", certificates, false);
    }

    /** The same without TLS. */
    public static Wiring ipv6() {
        return new Wiring("::1", null, false);
    }

    /** The port that a node is announced with. */
    public int port(RedisServer node) {
        return certificates == null ? node.port() : node.tlsPort();
    }

    /** What a node needs for it on its command line. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (host.indexOf(':') >= 0) {
            // Connections of its own come from the first.
            options.addAll(List.of("--bind", host, "127.0.0.1"));
        }
        Certificates shown = certificates;
        if (shown != null) {
            options.addAll(
                    RedisServer.tlsOptions(shown.server(), shown.authority().certificate()));
            options.addAll(List.of("--tls-replication", "yes", "--tls-auth-clients", clientsShow ? "yes" : "no"));
        }
        return options;
    }
}
