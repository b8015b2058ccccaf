package io.keysweep.server.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.engine.egress.HostResolver;
import io.keysweep.engine.egress.IpNetwork;
import io.keysweep.engine.egress.PortRange;
import io.keysweep.testkit.FakePeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests that a notice is sent only to the address that was checked, and that denied addresses see no connection. */
final class WebhookCallIT {

    private static final EgressPolicy POLICY = new EgressPolicy(
            EgressPolicy.ANYWHERE, IpNetwork.parseList("127.0.0.2"), List.of(PortRange.ALL), /* unixSockets= */ false);

    @AutoClose
    private final Receiver receiver = Receiver.start();

    /** Listens at the denied address, and counts connections. */
    @AutoClose
    private final FakePeer trap = FakePeer.trap("127.0.0.2");

    /** The number of times that the name was resolved. */
    private final AtomicInteger resolved = new AtomicInteger();

    /** The name leads to an allowed address at first, and to a denied one afterwards. */
    @Test
    void post_toANameOfAnAllowedAddress_resolvesTheNameOnce() {
        AttemptResult result = post(
                "http://hooks.example:" + port() + "/path",
                host -> List.of(InetAddress.getByName(resolved.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")));
        assertThat(result.status()).isEqualTo(204);
        assertThat(resolved).hasValue(1);
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void post_toADeniedAddress_connectsNowhere() {
        for (String url : List.of("http://127.0.0.2:", "http://[::ffff:127.0.0.2]:", "http://trap.example:")) {
            AttemptResult result = post(url + trap.port(), host -> List.of(InetAddress.getByName("127.0.0.2")));
            assertThat(result.error())
                    .isEqualTo("must not be connected to: 127.0.0.2 is in 127.0.0.2/32, which egress.denied-networks"
                            + " contains");
        }
        assertThat(trap.connections()).isZero();
    }

    @Test
    void post_thatIsRedirectedToADeniedAddress_doesNotFollowTheRedirect() {
        receiver.next(307, "Location", "http://127.0.0.2:" + trap.port() + "/");
        AttemptResult result = post(receiver.url(), HostResolver.SYSTEM);

        assertThat(result.status()).isEqualTo(307);
        assertThat(result.error()).isEqualTo("redirects are not followed");
        assertThat(trap.connections()).isZero();
    }

    @Test
    void post_toAReceiverThatSendsByteAfterByte_endsAtTheTimeLimit() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> trickle(listener));
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/";
            assertThat(post(url, HostResolver.SYSTEM, Duration.ofMillis(500)).error())
                    .isEqualTo("no answer within 0.5 s");
        }
    }

    @Test
    void post_whoseAnswerHasABodyWithoutEnd_succeedsAccordingToItsStatus() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> acceptWithoutEnd(listener));
            String url = "http://127.0.0.1:" + listener.getLocalPort() + "/";
            AttemptResult result = post(url, HostResolver.SYSTEM, Duration.ofSeconds(5));

            assertThat(result.status()).isEqualTo(200);
            assertThat(result.error()).isNull();
        }
    }

    /** Answers 200, sends a part of the body, and waits until the client closes the connection. */
    private static void acceptWithoutEnd(ServerSocket listener) {
        try (Socket client = listener.accept()) {
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\npart"
                            .getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The client has closed the connection with data unread.
        }
    }

    /** Sends a header that never ends, each byte before the timeout of a single read. */
    private static void trickle(ServerSocket listener) {
        try (Socket client = listener.accept()) {
            client.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            client.setSoTimeout(50);
            while (!listener.isClosed()) {
                client.getOutputStream().write('x');
                readForAWhile(client);
            }
        } catch (IOException e) {
            // The caller has given up.
        }
    }

    /** Reads until the read times out, which makes a pause between two bytes. */
    private static void readForAWhile(Socket client) throws IOException {
        try {
            if (client.getInputStream().readNBytes(1 << 20).length == 0) {
                throw new IOException("closed");
            }
        } catch (SocketTimeoutException e) {
            // The pause between two bytes is over.
        }
    }

    private static AttemptResult post(String url, HostResolver resolver) {
        // The time limit is far longer than any answer takes, so that no attempt fails on a busy machine.
        return post(url, resolver, Duration.ofMinutes(3));
    }

    private static AttemptResult post(String url, HostResolver resolver, Duration timeLimit) {
        WebhookCall call =
                new WebhookCall(InstantSource.fixed(Instant.EPOCH), timeLimit, new EgressGate(POLICY, resolver));
        try {
            Delivery delivery = Delivery.pending(UUID.randomUUID(), NoticeType.PING, "{}", Instant.EPOCH);
            return call.post(URI.create(url), delivery, List.of(WebhookSecret.generate()));
        } finally {
            call.stop();
        }
    }

    private int port() {
        return URI.create(receiver.url()).getPort();
    }
}
