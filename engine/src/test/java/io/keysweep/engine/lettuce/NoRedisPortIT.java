package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keysweep.engine.sweep.PrimarySweeper;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests the refusals of addresses where no Redis server answers. */
final class NoRedisPortIT {

    /** Inspects ports that answer, with a timeout that a busy test machine does not reach. */
    @AutoClose
    private static final SweepEngine engineWithLongTimeout = engine(Duration.ofMinutes(1));

    /** Inspects ports that stay silent, with a short timeout. */
    @AutoClose
    private static final SweepEngine engineWithShortTimeout = engine(Duration.ofSeconds(1));

    private final InspectionRefusals refusals = new InspectionRefusals(engineWithLongTimeout);
    private final InspectionRefusals refusalsOfSilence = new InspectionRefusals(engineWithShortTimeout);

    @Test
    void inspect_httpPort_isNotRedis() throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        http.start();
        try {
            refusals.assertRefused(http.getAddress().getPort(), Reason.NOT_REDIS, "Redis protocol");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void inspect_portThatGreets_isNotRedis() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread greeter = Thread.ofVirtual().start(() -> greet(socket));
            // A greeting before the first command is not a reply, so the silence after it causes the refusal.
            refusalsOfSilence.assertRefused(socket.getLocalPort(), Reason.NOT_REDIS, "Redis");
            greeter.join();
        }
    }

    @Test
    void inspect_silentPort_isNotRedis() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            refusalsOfSilence.assertRefused(socket.getLocalPort(), Reason.NOT_REDIS, "sent nothing");
        }
    }

    @Test
    void inspect_closedPort_isUnreachable() throws IOException {
        // The socket occupies the port without listening, so that no other program can listen on it.
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            refusals.assertRefused(socket.getLocalPort(), Reason.UNREACHABLE, "no connection");
        }
    }

    @Test
    void inspect_unknownHost_isUnreachable() {
        NodeRefusedException refusal =
                refusals.refusal("redis://no-such-host.invalid:6379", /* user= */ null, /* password= */ null);
        assertThat(refusal.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(refusal).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void inspect_tlsOnPlainPort_isNotRedis() {
        try (RedisServer server = RedisServer.start(RedisVersion.REDIS_7_0)) {
            // The server may wait for more bytes of the handshake, which it does not understand.
            NodeRefusedException refusal = refusalsOfSilence.refusal(
                    "rediss://127.0.0.1:" + server.port(), /* user= */ null, /* password= */ null);
            assertThat(refusal.reason()).isEqualTo(Reason.NOT_REDIS);
            assertThat(refusal).hasMessageContaining("TLS");
        }
    }

    /** Accepts a connection, sends the greeting of an SSH server, and waits for the end of the connection. */
    private static void greet(ServerSocket socket) {
        try (Socket client = socket.accept()) {
            client.getOutputStream().write("SSH-2.0-Some\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The client closes the connection once it has read enough.
        }
    }

    private static SweepEngine engine(Duration timeout) {
        return new PrimarySweeper(new LettuceConnector(timeout, timeout), Timing.system(), new Random(1));
    }
}
