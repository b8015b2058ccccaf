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
import java.util.stream.Stream;

/** Represents a service with an HTTP server that gives prepared answers in turn, and records the requests. */
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

    /** Describes an answer. */
    record Answer(int status, String contentType, String body) {}

    /** The token that each answer has. */
    static final String TOKEN = "token-of-the-stub";

    /** The list of instances, which has the instance "orders" only. */
    static final Answer INSTANCES = new Answer(
            200,
            "application/json",
            "[{\"id\":\"i-1\",\"projectId\":\"p\",\"name\":\"orders\",\"uri\":\"redis://h:1\","
                    + "\"hasPassword\":false,\"hasSentinelPassword\":false,\"tags\":{},"
                    + "\"createdAt\":\"2026-01-01T00:00:00Z\",\"revision\":1}]");

    private final HttpServer http;
    private final List<Answer> answers;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private StubService(HttpServer http, List<Answer> answers) {
        this.http = http;
        this.answers = answers;
    }

    /** Starts a service that gives the same answer to every request. */
    static StubService answering(int status, String contentType, String body) {
        return answeringInTurn(new Answer(status, contentType, body));
    }

    /** Starts a service that gives the first answer to the first request, and so on; the last answer is repeated. */
    static StubService answeringInTurn(Answer... answers) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            StubService service = new StubService(http, List.of(answers));
            http.createContext("/", service::answer);
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

    /** Returns the words of a command line, followed by the options that make its command call this server. */
    String[] arguments(String... words) {
        ServiceAccess access = access();
        return Stream.concat(
                        Stream.of(words),
                        Stream.of(
                                "--endpoint=" + access.endpoint(),
                                "--project-id=" + access.projectId(),
                                "--access-key=" + access.accessKey(),
                                "--secret-key=" + access.secretKey()))
                .toArray(String[]::new);
    }

    /** Returns the requests in the order in which they were received. */
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

    /** Records a request, and sends the next answer. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("X-Project-Id")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("If-Match")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("X-Auth-Token")),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Answer answer = answers.get(Math.min(received.size(), answers.size()) - 1);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("X-Subject-Token", TOKEN);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
