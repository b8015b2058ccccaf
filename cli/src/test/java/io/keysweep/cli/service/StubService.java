package io.keysweep.cli.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that gives the same answer to every request, and records the requests. */
final class StubService implements AutoCloseable {

    /** Describes a request that the server has received; a header that it lacks is the text "null". */
    record Received(
            String method,
            String path,
            String authorization,
            String projectId,
            String ifMatch,
            String token,
            String body) {}

    /** The token that each answer has. */
    static final String TOKEN = "token-of-the-stub";

    private final HttpServer http;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private StubService(HttpServer http) {
        this.http = http;
    }

    /** Starts a server that gives this answer to every request. */
    static StubService answering(int status, String contentType, String body) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            StubService service = new StubService(http);
            http.createContext("/", exchange -> service.answer(exchange, status, contentType, body));
            http.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address of the server, with an invented access key. */
    ServiceAccess access() {
        return new ServiceAccess(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort()), "project", "ak", "sk");
    }

    /** Returns the options that make a command call this server. */
    List<String> options() {
        return List.of(
                "--endpoint=" + access().endpoint(),
                "--project-id=" + access().projectId(),
                "--access-key=" + access().accessKey(),
                "--secret-key=" + access().secretKey());
    }

    List<Received> requests() {
        return List.copyOf(received);
    }

    /** Returns the request, and fails if there was none or more than one. */
    Received onlyRequest() {
        if (received.size() != 1) {
            throw new AssertionError("received " + received);
        }
        return received.getFirst();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void answer(HttpExchange exchange, int status, String contentType, String body) throws IOException {
        try (exchange) {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("X-Project-Id")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("If-Match")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("X-Auth-Token")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.getResponseHeaders().set("X-Subject-Token", TOKEN);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
