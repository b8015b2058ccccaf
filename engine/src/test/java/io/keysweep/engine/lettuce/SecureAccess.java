package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.SweepReport;
import io.keysweep.engine.sweep.SweepRequest;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Provides certificates and servers for tests of connections, and asserts that a sweep succeeds or is refused. */
final class SecureAccess implements AutoCloseable {

    private final Certificates certificates = Certificates.create();
    private final SweepEngine engine = new PrimarySweeper(
            new LettuceConnector(Duration.ofSeconds(10), Duration.ofSeconds(30)), Timing.system(), new Random(1));

    /** Returns the oldest and the newest version, and in a full run two more. All versions use the same TLS library. */
    static List<RedisVersion> versions() {
        return RedisVersion.moreInFullRun(
                List.of(RedisVersion.REDIS_6_0, RedisVersion.VALKEY_9), RedisVersion.REDIS_7_0, RedisVersion.REDIS_8_0);
    }

    /** Returns the certificates with which servers and clients of these tests identify themselves. */
    Certificates certificates() {
        return certificates;
    }

    /** Starts a server that presents a certificate, and trusts clients of the usual authority. */
    RedisServer start(RedisVersion version, Certificates.Pair presented, String... options) {
        return RedisServer.startWithTls(
                version, presented, certificates.authority().certificate(), options);
    }

    /** Returns TLS that trusts the usual authority, and has no client certificate. */
    Tls trusting() {
        return Tls.ofFiles(certificates.authority().certificate(), /* certificate= */ null, /* key= */ null);
    }

    /** Returns TLS that trusts the usual authority, and presents a client certificate. */
    Tls presenting(Certificates.Pair client) {
        return Tls.ofFiles(certificates.authority().certificate(), client.certificate(), client.key());
    }

    /** Returns the deployment of one server behind a Unix socket. */
    static Deployment deploymentOfSocket(Path path) {
        return new Deployment.Standalone(NodeAddress.unix(path.toString()), Access.OPEN);
    }

    /** Returns the deployment of one server at an address, without credentials. */
    static Deployment deploymentAt(String host, int port, @Nullable Tls tls) {
        return new Deployment.Standalone(new NodeAddress(host, port), new Access(Credentials.NONE, tls));
    }

    /** Plants keys on a server, and asserts that a sweep of the deployment reclaims exactly the dead ones. */
    void assertSweeps(RedisServer server, Deployment deployment) throws InterruptedException {
        try (RespClient client = server.client()) {
            client.call("FLUSHALL");
            KeySpace keys = KeySpace.withExpiryOff(client)
                    .plant(/* db= */ 0, /* live= */ 300, /* dead= */ 200)
                    .plant(/* db= */ 3, /* live= */ 0, /* dead= */ 70);

            SweepReport report =
                    engine.sweep(SweepRequest.of(deployment, PacePolicy.FULL), new SweepControl(), new EventLog());

            assertThat(report.reclaimed()).isEqualTo(270);
            assertThat(report.exact()).isTrue();
            assertThat(keys.size(0)).isEqualTo(300);
            assertThat(keys.size(3)).isZero();
        }
    }

    /** Asserts the reason of a refusal, and that its message names the node and these parts, but no secret. */
    void assertRefused(Deployment deployment, Reason reason, String... parts) {
        NodeRefusedException e = refusal(deployment);
        assertThat(e.reason())
                .as("the reason of the refusal: %s", e.getMessage())
                .isEqualTo(reason);
        assertThat(e)
                .message()
                .startsWith(e.nodeId() + " ")
                .contains(parts)
                .doesNotContain("topsecret", "Exception", "\n");
    }

    /** Returns the refusal of a connection that must fail. */
    NodeRefusedException refusal(Deployment deployment) {
        NodeRefusedException e = catchThrowableOfType(NodeRefusedException.class, () -> engine.inspect(deployment));
        assertThat(e).as("the refusal of " + deployment).isNotNull();
        return e;
    }

    @Override
    public void close() {
        engine.close();
        certificates.close();
    }
}
