package io.keysweep.server.tracing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives spans as an OpenTelemetry collector does, by OTLP over HTTP, and decodes what tests need of them. */
final class OtlpReceiver implements AutoCloseable {

    // These are the numbers of fields in opentelemetry/proto/trace/v1/trace.proto and
    // collector/trace/v1/trace_service.proto.
    private static final int REQUEST_RESOURCE_SPANS = 1;
    private static final int RESOURCE_SPANS_SCOPE_SPANS = 2;
    private static final int SCOPE_SPANS_SPANS = 2;
    private static final int SPAN_TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int SPAN_PARENT_ID = 4;
    private static final int SPAN_NAME = 5;

    private final HttpServer server;
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    /** Starts a receiver on a free port. */
    static OtlpReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        OtlpReceiver receiver = new OtlpReceiver(server);
        server.createContext("/v1/traces", exchange -> {
            // A request has spans by resource, and then by scope.
            ProtobufFields request =
                    new ProtobufFields(exchange.getRequestBody().readAllBytes());
            for (byte[] resource : request.messages(REQUEST_RESOURCE_SPANS)) {
                for (byte[] scope : new ProtobufFields(resource).messages(RESOURCE_SPANS_SCOPE_SPANS)) {
                    new ProtobufFields(scope)
                            .messages(SCOPE_SPANS_SPANS)
                            .forEach(span -> receiver.spans.add(ReceivedSpan.of(new ProtobufFields(span))));
                }
            }

            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    /** Returns the URL to which spans are sent. */
    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** Returns the spans that have arrived so far, of all traces. */
    List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** Returns the first span with a name that has arrived. */
    Optional<ReceivedSpan> span(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** Describes a span that has arrived; ids are in hexadecimal digits, and the parent of a root is empty. */
    record ReceivedSpan(String traceId, String id, String parentId, String name) {

        private static ReceivedSpan of(ProtobufFields span) {
            return new ReceivedSpan(
                    hex(span, SPAN_TRACE_ID),
                    hex(span, SPAN_ID),
                    hex(span, SPAN_PARENT_ID),
                    new String(first(span, SPAN_NAME), StandardCharsets.UTF_8));
        }

        private static String hex(ProtobufFields span, int field) {
            return HexFormat.of().formatHex(first(span, field));
        }

        private static byte[] first(ProtobufFields span, int field) {
            return Objects.requireNonNull(
                    span.messages(field).stream().findFirst().orElse(new byte[0]));
        }
    }
}
