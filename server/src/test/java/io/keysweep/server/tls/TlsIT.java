package io.keysweep.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huaweicloud.sdk.dcs.v2.model.ListInstancesRequest;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.Certificates;
import io.keysweep.testkit.ClientTls;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the service over TLS: handshakes, headers, cookies, kinds of files, and the official SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {

    /** The type of a record with a handshake message. */
    private static final int HANDSHAKE = 22;

    /** A fatal alert, of the kind protocol_version (RFC 8446, section 6). */
    private static final String PROTOCOL_VERSION_ALERT = "alert 2 70";

    private Certificates certificates;
    private ClientTls client;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path home) {
        certificates = Certificates.create();
        client = ClientTls.of(certificates.authority(), /* client= */ null);
        service = TestService.start(
                home,
                Map.of(
                        "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                        certificates.server().certificate().toString(),
                        "KEYSWEEP_SERVER_TLS_KEY",
                        certificates.server().key().toString()),
                client);
    }

    @AfterAll
    void stop() {
        service.close();
        certificates.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void handshake_ofAPresentVersion_succeeds(String version) throws IOException {
        assertThat(service.endpoint()).startsWith("https://127.0.0.1:");
        try (SSLSocket socket = client.connect(service.endpoint(), version)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getSession().getCipherSuite()).matches("TLS_(ECDHE_.*|AES.*)_(GCM|POLY1305)_.*");
        }
    }

    @ParameterizedTest
    @CsvSource({"0x0303, handshake", "0x0302, " + PROTOCOL_VERSION_ALERT, "0x0301, " + PROTOCOL_VERSION_ALERT})
    void clientHello_ofTls12_isAccepted_andOfEarlierVersionsRefused(int version, String answer) throws IOException {
        URI uri = URI.create(service.endpoint());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write(ClientHello.ofVersion(version));
            // The header of a record has five bytes. The two bytes of an alert are its level and its description.
            byte[] record = socket.getInputStream().readNBytes(7);
            assertThat(record[0] == HANDSHAKE ? "handshake" : "alert " + record[5] + " " + record[6])
                    .isEqualTo(answer);
        }
    }

    @Test
    void plainHttp_onTheSamePort_isRefused() throws IOException {
        URI uri = URI.create(service.endpoint());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String answer = ClientTls.exchange(socket, "GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("UP");
        }
    }

    @Test
    void client_thatDoesNotTrustTheAuthority_isNotConnected() {
        ClientTls stranger = ClientTls.of(certificates.otherAuthority(), /* client= */ null);
        assertThatThrownBy(() -> stranger.connect(service.endpoint())).hasMessageContaining("path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/console/sign-in", "/v3", "/api/v1/instances", "/nonsense"})
    void response_ofAnyKind_hasTheHeadersOfTls(String path) throws IOException {
        try (SSLSocket socket = client.connect(service.endpoint())) {
            assertThat(ClientTls.exchange(socket, "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    .contains("\r\nStrict-Transport-Security: max-age=31536000")
                    .contains("\r\nX-Content-Type-Options: nosniff")
                    .contains("\r\nCache-Control: no-cache, no-store");
        }
    }

    @Test
    void cookies_ofTheConsole_areForThisHostOverTlsOnly() {
        ConsoleClient browser = new ConsoleClient(service.endpoint(), client);
        assertThat(browser.get("/console/sign-in").header("Set-Cookie"))
                .startsWith("__Host-keysweep_form=")
                .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
        assertThat(browser.signIn(service.administrator()).header("Set-Cookie"))
                .startsWith("__Host-keysweep_session=")
                .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
        assertThat(browser.get("/console").status()).isEqualTo(200);
        assertThat(browser.cookies()).doesNotContainKeys("keysweep_session", "keysweep_form");
    }

    @Test
    void officialSdk_thatTrustsTheAuthority_isServed() {
        assertThat(service.sdk(service.administrator())
                        .listInstances(new ListInstancesRequest())
                        .getInstanceNum())
                .isZero();
    }

    @Test
    void body_thatNeverEnds_isEndedWithAnError(@TempDir Path home) throws IOException {
        Map<String, String> variables = Map.of(
                "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                certificates.server().certificate().toString(),
                "KEYSWEEP_SERVER_TLS_KEY",
                certificates.server().key().toString(),
                // The limit is longer than a busy machine needs to read the head of a request.
                "KEYSWEEP_LIMITS_REQUEST_SECONDS",
                "6");
        try (TestService serviceOfThisTest = TestService.start(home, variables, client);
                SSLSocket socket = client.connect(serviceOfThisTest.endpoint())) {
            assertThat(ClientTls.exchange(
                            socket,
                            "POST /v3/auth/tokens HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 1000\r\n\r\nx"))
                    .startsWith("HTTP/1.1 408")
                    .contains("DCS.4960");
        }
    }

    @Test
    void key_thatIsEncrypted_isReadWithItsPassword(@TempDir Path home) {
        // Spring would treat ${home} as a property.
        String password = "with ${home} and spaces";
        ClientTls.writeEncryptedKey(
                home.resolve("encrypted.pem"), certificates.server().key(), password);
        Map<String, String> variables = Map.of(
                "KEYSWEEP_SERVER_TLS_CERTIFICATE",
                certificates.server().certificate().toString(),
                "KEYSWEEP_SERVER_TLS_KEY",
                "encrypted.pem",
                "KEYSWEEP_SERVER_TLS_PASSWORD",
                password);
        try (TestService serviceOfThisTest = TestService.start(home, variables, client)) {
            assertThat(livez(serviceOfThisTest).status()).isEqualTo(200);
        }
    }

    @Test
    void keystore_ofPkcs12_isReadWithThePasswordInAFile(@TempDir Path home) {
        Path file = certificates.file("password", "changeit\n");
        ClientTls.writeKeystore(home.resolve("server.p12"), certificates.server(), "changeit");
        ClientTls.writeTruststore(home.resolve("clients.p12"), certificates.authority(), "changeit");
        Map<String, String> variables = Map.of(
                "KEYSWEEP_SERVER_TLS_KEYSTORE", "server.p12",
                "KEYSWEEP_SERVER_TLS_CLIENT_CA", "clients.p12",
                "KEYSWEEP_SERVER_TLS_PASSWORD_FILE", file.toString());
        ClientTls known = ClientTls.of(certificates.authority(), certificates.client());
        try (TestService serviceOfThisTest = TestService.start(home, variables, known)) {
            assertThat(livez(serviceOfThisTest).status()).isEqualTo(200);
        }
    }

    private static Answer livez(TestService service) {
        return service.send("GET", "/livez", Map.of(), "");
    }
}
