package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keysweep.api.signature.RequestSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests {@code RequestSigner} and {@link SignatureVerifier} together over a real HTTP connection. */
final class RequestSignerOverHttpTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T02:29:53Z"));

    private final AccessKeyPair key = AccessKeyGenerator.generate();
    private final SignatureVerifier verifier = new SignatureVerifier(
            accessKey -> accessKey.equals(key.accessKey()) ? Optional.of(key.secretKey()) : Optional.empty(), CLOCK);
    private final RequestSigner signer =
            new RequestSigner(key.accessKey(), key.secretKey().text(), CLOCK);

    private final HttpServer server;

    RequestSignerOverHttpTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void startServer() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void signedGet_withAQuery_isVerified() throws Exception {
        assertThat(send("GET", "/api/v1/scans?status=a%20b+c&limit=5&name=%C3%A9&empty=", ""))
                .isEqualTo("Verified[accessKey=" + key.accessKey() + "]");
    }

    @Test
    void signedPut_withABody_isVerified() throws Exception {
        assertThat(send("PUT", "/api/v1/scans/a%2Fb", "{\"note\":\"caf\u00e9\"}"))
                .isEqualTo("Verified[accessKey=" + key.accessKey() + "]");
    }

    /** Sends a signed request, and returns the result of its verification as text. */
    private String send(String method, String pathAndQuery, String body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofByteArray(bytes));
        signer.sign(method, uri, Map.of("X-Project-Id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"), bytes)
                .forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            SignedRequest request = new SignedRequest(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    exchange.getRequestURI().getRawQuery(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes());
            byte[] answer = verifier.verify(request).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
