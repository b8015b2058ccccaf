package io.keysweep.server.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receives notices on a free port, keeps them, and answers with the status that the test has set, or 204. */
public final class Receiver implements AutoCloseable {

    /** Represents a request as the receiver got it. */
    public record Received(String method, String id, String timestamp, List<String> signatures, String body) {

        /** Returns the body as JSON. */
        public JsonNode json() {
            return JsonMapper.builder().build().readTree(body);
        }

        String type() {
            return json().get("type").asString();
        }

        /** Returns whether one of the signatures was made with that secret, as Standard Webhooks specifies. */
        public boolean signedBy(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                mac.update((id + '.').getBytes(StandardCharsets.UTF_8));
                mac.update((timestamp + '.').getBytes(StandardCharsets.UTF_8));
                mac.update(body.getBytes(StandardCharsets.UTF_8));
                return signatures.contains("v1," + Base64.getEncoder().encodeToString(mac.doFinal()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Contains an answer. If it hangs, the receiver gives no answer, and ends the request when it closes. */
    private record Reply(int status, Map<String, String> headers, boolean hangs) {}

    private final HttpServer http;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<Runnable> beforeNextAnswer = new AtomicReference<>(() -> {});

    private Receiver(HttpServer http) {
        this.http = http;
    }

    /** Starts a receiver on a free port. */
    public static Receiver start() {
        return start(0);
    }

    /** Starts a receiver on a port; 0 for a free one. */
    static Receiver start(int port) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            Receiver receiver = new Receiver(http);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", receiver::answer);
            http.start();
            return receiver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** Returns the URL at which notices are received. */
    public String url() {
        return "http://127.0.0.1:" + port() + "/hook?token=s3cret";
    }

    /** Sets the statuses of the next answers, one for each request. */
    Receiver next(int... statuses) {
        for (int status : statuses) {
            replies.add(new Reply(status, Map.of(), /* hangs= */ false));
        }
        return this;
    }

    /** Sets the status and a header of one further answer. */
    Receiver next(int status, String header, String value) {
        replies.add(new Reply(status, Map.of(header, value), /* hangs= */ false));
        return this;
    }

    /** Runs an action between the next request and its answer. */
    Receiver beforeNextAnswer(Runnable action) {
        beforeNextAnswer.set(action);
        return this;
    }

    /** Leaves one further request without an answer until the receiver closes. */
    public Receiver hangNext() {
        replies.add(new Reply(/* status= */ 0, Map.of(), /* hangs= */ true));
        return this;
    }

    /** Returns what was received, the oldest first. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Returns what was received of a type of event, the oldest first. */
    List<Received> received(String type) {
        return received.stream().filter(notice -> notice.type().equals(type)).toList();
    }

    /** Records a request, and answers it as the test has set. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(
                    exchange.getRequestMethod(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("webhook-timestamp")),
                    List.of(String.valueOf(exchange.getRequestHeaders().getFirst("webhook-signature"))
                            .split(" ")),
                    body));

            // The answer is the one that the test has set, or 204.
            beforeNextAnswer.getAndSet(() -> {}).run();
            Reply reply = replies.poll();
            if (reply != null && reply.hangs()) {
                closing.await();
                return;
            }
            if (reply != null) {
                reply.headers().forEach(exchange.getResponseHeaders()::set);
            }
            exchange.sendResponseHeaders(reply == null ? 204 : reply.status(), -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
    }
}
