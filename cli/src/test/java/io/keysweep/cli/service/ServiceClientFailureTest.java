package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Tests how calls of a service fail: refusals, answers that are not from a service, and broken connections. */
final class ServiceClientFailureTest {

    private static final String JSON = "application/json";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"error_code\":\"DCS.3022\",\"error_msg\":\"This DCS instance does not exist.\"} | USAGE"
                        + " | the service says: This DCS instance does not exist. (DCS.3022)",
                "400 | {\"error_code\":\"DCS.4818\",\"error_msg\":\"Do not support auto expire scan.\"} | NOT_SWEEPABLE"
                        + " | the service says: Do not support auto expire scan. (DCS.4818)",
                "400 | {\"error_code\":\"DCS.4049\",\"error_msg\":\"Not running.\"} | UNREACHABLE"
                        + " | the service says: Not running. (DCS.4049)",
                "401 | {\"error_code\":\"DCS.1001\",\"error_msg\":\"Invalid token.\"} | DENIED"
                        + " | the service says: Invalid token. (DCS.1001)",
                "403 | {\"title\":\"Forbidden\",\"detail\":\"Not yours.\",\"status\":403} | DENIED"
                        + " | the service says: Not yours. (HTTP 403)",
                "409 | {\"title\":\"Conflict\"} | USAGE | the service says: Conflict (HTTP 409)",
                "409 | {\"title\":\"A key cannot change itself.\",\"detail\":\"Use another key.\",\"code\":\"DCS.4936\"}"
                        + " | USAGE | the service says: A key cannot change itself. Use another key. (DCS.4936)",
                "400 | {\"title\":\"Invalid x.\",\"detail\":\"x is '1', must be 2.\",\"code\":\"DCS.4800\"}"
                        + " | USAGE | the service says: x is '1', must be 2. (DCS.4800)",
                "500 | {\"error_code\":\"DCS.5000\",\"error_msg\":\"Internal service error.\"} | FAILED"
                        + " | the service says: Internal service error. (DCS.5000)",
                "429 | {\"title\":\"Too many requests.\",\"detail\":\"Wait a second.\",\"code\":\"DCS.4961\"}"
                        + " | UNREACHABLE | the service says: Too many requests. Wait a second. (DCS.4961)",
                "502 | <html>bad gateway</html> | UNREACHABLE"
                        + " | the answer is HTTP 502 without a message of a Keysweep service",
                "308 | <html>moved to https</html> | UNREACHABLE"
                        + " | the answer is HTTP 308 without a message of a Keysweep service",
                "400 | [] | USAGE | the answer is HTTP 400 without a message of a Keysweep service",
                "404 | <html>nothing</html> | UNREACHABLE"
                        + " | the answer is HTTP 404 without a message of a Keysweep service"
            })
    void call_refused_failsWithMessageAndExitCode(int status, String body, ExitCode code, String line) {
        try (StubService service = StubService.answering(status, JSON, body);
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertFails(client, code, line);
        }
    }

    @Test
    void call_answerThatIsNotJson_isUnreachable() {
        try (StubService service = StubService.answering(200, "text/html", "<html>hello</html>");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertFails(client, ExitCode.UNREACHABLE, "is not from a Keysweep service");
        }
    }

    @Test
    void call_answerThatIsNull_isUnreachable() {
        try (StubService service = StubService.answering(200, JSON, "null");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertFails(client, ExitCode.UNREACHABLE, "is not from a Keysweep service");
            // A policy is read as a JSON tree, in which null is a node.
            assertThatThrownBy(() -> client.get("/api/v1/pace-policy", JsonNode.class))
                    .isInstanceOfSatisfying(
                            CommandFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
        }
    }

    /** A page on which a proxy asks every caller to sign in is no answer of the service. */
    @Test
    void call_webPageInsteadOfAnEmptyAnswer_isUnreachable() {
        try (StubService proxy = StubService.answering(200, "text/html; charset=utf-8", "<html>Sign in</html>");
                ServiceClient client = new ServiceClient(proxy.access(), CLOCK)) {
            List<ThrowingCallable> calls = List.of(
                    () -> new ScanCalls(client).release(/* projectId= */ null),
                    () -> new InstanceCalls(client).remove("i"),
                    () -> new ScanCalls(client).report("s", "json"));

            assertThat(calls)
                    .allSatisfy(call -> assertThatThrownBy(call)
                            .isInstanceOfSatisfying(
                                    CommandFailure.class,
                                    failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
                            .hasMessageContaining("is not from a Keysweep service"));
        }
    }

    @Test
    void call_serverThatClosesTheConnection_isUnreachable() throws IOException {
        try (ServerSocket server = answering("")) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (ServiceClient client = new ServiceClient(new ServiceAccess(uri, "project", "ak", "sk"), CLOCK)) {
                assertFails(client, ExitCode.UNREACHABLE, "it closed the connection without an answer");
            }
        }
    }

    @Test
    void call_answerWithoutAnEnd_isUnreachableAndEndsTheConnection() throws Exception {
        CountDownLatch connectionIsClosed = new CountDownLatch(1);
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket connection = server.accept()) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    // The call returns when the client closes the connection.
                    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // The connection was reset, or the test has closed the server.
                } finally {
                    connectionIsClosed.countDown();
                }
            });
            ServiceAccess access =
                    new ServiceAccess(URI.create("http://127.0.0.1:" + server.getLocalPort()), "project", "ak", "sk");
            try (ServiceClient client = ServiceClient.withShortTimeouts(access, CLOCK)) {
                assertFails(client, ExitCode.UNREACHABLE, "it did not answer completely within 4 s");
                assertThat(connectionIsClosed.await(30, TimeUnit.SECONDS))
                        .as("while the client is open")
                        .isTrue();
            }
        }
    }

    @Test
    void call_withTlsToAServiceWithoutTls_isUnreachable() throws IOException {
        try (ServerSocket plain = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            URI uri = URI.create("https://127.0.0.1:" + plain.getLocalPort());
            try (ServiceClient client = new ServiceClient(new ServiceAccess(uri, "project", "ak", "sk"), CLOCK)) {
                assertFails(client, ExitCode.UNREACHABLE, "it answers without TLS; use http://");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(certificate_required) Received fatal alert: certificate_required"
                        + " | it wants a client certificate, or does not accept the given one (certificate_required)."
                        + " --endpoint-cert (KEYSWEEP_ENDPOINT_CERT) and --endpoint-key name one",
                "(certificate_unknown) PKIX path building failed"
                        + " | (certificate_unknown) PKIX path building failed. --endpoint-ca (KEYSWEEP_ENDPOINT_CA)"
                        + " names the authorities that may sign its certificate",
                "(certificate_unknown) No name matching localhost found"
                        + " | (certificate_unknown) No name matching localhost found"
            })
    void tlsProblem_refusedCertificate_namesTheOptionThatHelps(String message, String expected) {
        assertThat(ServiceConnection.tlsProblem(new SSLHandshakeException(message)))
                .isEqualTo(expected);
    }

    @Test
    void call_noServiceListens_isUnreachable() throws IOException {
        try (Socket reserved = new Socket()) {
            // The socket is bound but does not listen, so no other program can listen at the port.
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI nowhere = URI.create("http://127.0.0.1:" + reserved.getLocalPort());
            try (ServiceClient client = new ServiceClient(new ServiceAccess(nowhere, "project", "ak", "sk"), CLOCK)) {
                assertFails(client, ExitCode.UNREACHABLE, "no answer from the service at http://127.0.0.1:");
            }
        }
    }

    @Test
    void call_networkUnreachable_saysSo() {
        // Linux never connects to the address of a broadcast.
        URI broadcast = URI.create("http://255.255.255.255:8379");
        try (ServiceClient client = new ServiceClient(new ServiceAccess(broadcast, "project", "ak", "sk"), CLOCK)) {
            assertFails(client, ExitCode.UNREACHABLE, "it cannot be reached from here: ");
        }
    }

    /** Returns a server that answers each connection with a text and closes it; the client may try several times. */
    private static ServerSocket answering(String text) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket connection = server.accept()) {
                    if (connection.getInputStream().read(new byte[8192]) > 0) {
                        connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException e) {
                    // The test has closed the server, or the client its connection.
                }
            }
        });
        return server;
    }

    private static void assertFails(ServiceClient client, ExitCode code, String words) {
        assertThatThrownBy(() -> client.scan("s"))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
