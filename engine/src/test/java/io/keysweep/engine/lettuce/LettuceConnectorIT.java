package io.keysweep.engine.lettuce;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.UnixOperatingSystemMXBean;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.Pem;
import io.keysweep.engine.topology.Tls;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests that connections start no threads and leave no open files, because a service opens connections for years. */
@Isolated("It counts the threads and open files of the JVM.")
final class LettuceConnectorIT {

    private static final int CONNECTIONS = 20;

    @AutoClose
    private static final Certificates certificates = Certificates.create();

    @AutoClose
    private final LettuceConnector connector = new LettuceConnector(Duration.ofMinutes(1), Duration.ofMinutes(1));

    @Test
    void open_manyConnections_startNoThreadsAndLeaveNoOpenFiles() throws IOException {
        try (RedisServer server = start()) {
            NodeAddress plain = new NodeAddress("127.0.0.1", server.port());
            NodeAddress encryptedAddress = new NodeAddress("127.0.0.1", server.tlsPort());
            // The first connection of each kind initializes shared resources.
            connector.open(plain, Access.OPEN).close();
            connector.open(encryptedAddress, access(/* instance= */ -1)).close();
            long filesBefore = openFiles();
            int threadsBefore = Thread.getAllStackTraces().size();

            List<NodeLink> links = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                links.add(connector.open(plain, Access.OPEN));
                links.add(connector.open(encryptedAddress, access(i)));
            }
            for (NodeLink link : links) {
                assertThat(link.call("PING")).isEqualTo(new Reply.Text("PONG"));
            }

            // The JVM may start and end threads of its own.
            assertThat(Thread.getAllStackTraces()).hasSizeLessThan(threadsBefore + CONNECTIONS);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().contains("lettuce"));
            assertThat(openFiles()).isGreaterThan(filesBefore + CONNECTIONS);
            links.forEach(NodeLink::close);
            // The JVM also opens and closes files of its own.
            await("no file of a connection is open").until(() -> openFiles() <= filesBefore);
        }
    }

    @Test
    void open_failingConnections_leaveNoOpenFiles() throws IOException {
        RedisServer closedServer = start();
        closedServer.close();
        NodeAddress address = new NodeAddress("127.0.0.1", closedServer.port());

        assertThatExceptionOfType(NodeRefusedException.class).isThrownBy(() -> connector.open(address, Access.OPEN));

        long filesBefore = openFiles();
        for (int i = 0; i < CONNECTIONS; i++) {
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> connector.open(address, Access.OPEN))
                    .withMessageContaining("accepts no connection");
        }
        await("no file of a connection is open").until(() -> openFiles() <= filesBefore);
    }

    @Test
    void call_interruptedThread_waitsForTheReplyAndStaysInterrupted() {
        try (RedisServer server = start();
                NodeLink link = connector.open(new NodeAddress("127.0.0.1", server.port()), Access.OPEN)) {
            Thread.currentThread().interrupt();
            Reply reply = link.call("EVAL", "return 7", "0");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(reply).isEqualTo(new Reply.Numeric(7));
        }
    }

    /** Starts a server that accepts encrypted connections without a client certificate, and plain ones. */
    private static RedisServer start() {
        return RedisServer.startWithTls(
                RedisVersion.REDIS_7_0,
                certificates.server(),
                certificates.authority().certificate(),
                "--tls-auth-clients",
                "no");
    }

    /** Returns the number of files that the JVM has open, sockets included. */
    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    /** Returns access that trusts the same authority through a PEM text that differs for each instance. */
    private static Access access(int instance) throws IOException {
        String authority = Files.readString(certificates.authority().certificate());
        Pem authorities = new Pem.PemText("# " + instance + "\n" + authority);
        return new Access(Credentials.NONE, new Tls(authorities, /* certificate= */ null, /* key= */ null));
    }
}
