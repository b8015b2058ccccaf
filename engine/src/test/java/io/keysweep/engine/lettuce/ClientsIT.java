package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Await;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Many instances with certificates of their own, one after another, as a service meets them over the years. */
final class ClientsIT {

    private static final int INSTANCES = 12;

    @AutoClose
    private static final Certificates certificates = Certificates.create();

    @AutoClose
    private final LettuceConnector connector = new LettuceConnector(Duration.ofSeconds(2), Duration.ofSeconds(3));

    @Test
    void open_manyCertificates_keepsFewClientsOfThoseThatAreClosed() throws IOException {
        try (RedisServer server = start()) {
            NodeAddress address = new NodeAddress("127.0.0.1", server.tlsPort());
            List<NodeLink> inUse = new ArrayList<>();
            for (int i = 0; i < INSTANCES; i++) {
                inUse.add(connector.open(address, access(i)));
                assertAnswers(inUse.getLast());
            }
            assertThat(connector.clients()).isEqualTo(INSTANCES);
            NodeLink first = inUse.removeFirst();
            // The same certificate once more: its client has a user left when this is closed.
            inUse.add(connector.open(address, access(0)));
            inUse.forEach(NodeLink::close);

            Await.until("the others' clients are gone", () -> connector.clients() == 1 + Clients.MOST_IDLE);
            assertAnswers(first);
            first.close();
            Await.until("one more is idle", () -> connector.clients() == Clients.MOST_IDLE);
            for (int i = 0; i < INSTANCES; i++) {
                try (NodeLink again = connector.open(address, access(i))) {
                    assertAnswers(again);
                }
            }
            Await.until("again few are kept", () -> connector.clients() == Clients.MOST_IDLE);
        }
    }

    @Test
    void open_connectionsThatFail_giveTheirClientsBack() throws IOException {
        RedisServer gone = start();
        gone.close();
        NodeAddress address = new NodeAddress("127.0.0.1", gone.tlsPort());
        for (int i = 0; i < INSTANCES; i++) {
            Access access = access(i);
            assertThatExceptionOfType(NodeRefusedException.class).isThrownBy(() -> connector.open(address, access));
            assertThat(connector.clients()).isLessThanOrEqualTo(Clients.MOST_IDLE);
        }
    }

    private static RedisServer start() {
        return RedisServer.startWithTls(
                RedisVersion.REDIS_7_0,
                certificates.server(),
                certificates.authority().certificate(),
                "--tls-auth-clients",
                "no");
    }

    private static void assertAnswers(NodeLink link) {
        assertThat(link.call("PING")).isEqualTo(new Reply.Text("PONG"));
    }

    /** The same authority for all, but no two texts alike. */
    private static Access access(int instance) throws IOException {
        String authority = Files.readString(certificates.authority().certificate());
        return new Access(Credentials.NONE, new Tls(new Pem.Text("# " + instance + "\n" + authority), null, null));
    }
}
