package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.ScanView;
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

/** Tests the requests that the command line sends to a service, and how it reads the answers. */
final class ServiceClientTest {

    private static final String JSON = "application/json";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void createScan_anyInstance_isSignedAndHasNoBody() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "{\"id\":\"s\",\"status\":\"waiting\",\"x\":1}");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(client.createScan("i")).isEqualTo(new CreatedScan("s", "waiting"));

            StubService.Received request = service.onlyRequest();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/v2/project/instances/i/scan-expire-keys-task");
            assertThat(request.authorization()).startsWith("SDK-HMAC-SHA256 Access=ak, SignedHeaders=");
            assertThat(request.projectId()).isEqualTo("project");
            assertThat(request.body()).isEmpty();
        }
    }

    @Test
    void register_withPassword_sendsItInTheBody() throws InterruptedException {
        String instance = "{\"id\":\"i\",\"projectId\":\"project\",\"name\":\"n\",\"uri\":\"redis://h:1\","
                + "\"hasPassword\":true,\"hasSentinelPassword\":false,\"tags\":{\"env\":\"prod\"},"
                + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}";
        try (StubService service = StubService.answering(201, JSON, instance);
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(client.register(InstanceRegistration.of("n", "redis://h:1", /* username= */ null, "secret"))
                            .id())
                    .isEqualTo("i");

            assertThat(service.onlyRequest().body()).contains("\"password\":\"secret\"");
        }
    }

    @Test
    void instances_anArray_isRead() throws InterruptedException {
        try (StubService service = StubService.answering(200, JSON, "[]");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            assertThat(new InstanceCalls(client).list()).isEmpty();
        }
    }

    @Test
    void remove_idWithSpecialCharacters_isOnePathSegment() throws InterruptedException {
        try (StubService service = StubService.answering(204, JSON, "");
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            new InstanceCalls(client).remove("../a b?c");

            assertThat(service.onlyRequest().path()).isEqualTo("/api/v1/instances/..%2Fa%20b%3Fc");
        }
    }

    @Test
    void scan_runningWithNulls_isRead() throws InterruptedException {
        String scan =
                "{\"id\":\"s\",\"instanceId\":\"i\",\"status\":\"running\",\"state\":\"held\",\"scanType\":\"manual\","
                        + "\"visited\":5,\"reclaimed\":2,\"exact\":true,\"fraction\":0.5,"
                        + "\"hold\":\"server unreachable\",\"failure\":null,"
                        + "\"method\":null,\"longestStallMs\":1.25,\"usedMemoryBefore\":null,\"usedMemoryAfter\":null,"
                        + "\"createdAt\":\"2026-01-01T00:00:00.123Z\",\"startedAt\":null,\"finishedAt\":null,"
                        + "\"version\":3,\"timeoutSeconds\":60,\"pace\":{\"stallBudgetMs\":1.0,\"share\":0.25},"
                        + "\"remainingSeconds\":90,\"memory\":{\"method\":\"MEASURED\",\"reclaimedBytes\":1048576,"
                        + "\"explanation\":\"measured\",\"keysBefore\":30,\"expiresBefore\":20},"
                        + "\"databases\":[{\"db\":7,\"visited\":5,\"reclaimed\":2,\"keysBefore\":30}],"
                        + "\"holds\":[{\"reason\":\"paused by ann\",\"times\":2,\"heldMs\":90000}],\"sweeps\":[]}";
        try (StubService service = StubService.answering(200, JSON, scan);
                ServiceClient client = new ServiceClient(service.access(), CLOCK)) {
            ScanView view = client.scan("s");

            assertThat(view.createdAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));
            assertThat(ScanLines.lines(view))
                    .startsWith("Scan s (manual): held, 50 %, about 2 min left")
                    .contains(
                            "  held           server unreachable",
                            "  by reclaiming  about 1.0 MiB (measured)",
                            "  keys           30, with a TTL 20",
                            "  db 7           visited 5, reclaimed 2, keys 30",
                            "  was held       2 min, 2 times: paused by ann");
            assertThat(ScanLines.lines(view, "orders")).contains("  instance       orders (" + view.instanceId() + ")");
        }
    }

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

    @ParameterizedTest
    @CsvSource({"schlüssel, project, the access key", "ak, 项目, the project id"})
    void create_valueThatNoHeaderCanHave_isRefusedWithoutShowingIt(String key, String project, String words) {
        ServiceAccess access = new ServiceAccess(URI.create("http://127.0.0.1:1"), project, key, "sk");

        assertThatThrownBy(() -> new ServiceClient(access, CLOCK))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith(words + " has a character")
                .hasMessageNotContaining("schlüssel")
                .hasMessageNotContaining("项目");
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
