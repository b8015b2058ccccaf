package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Opens streams of the events of scans, and reads the events. */
final class ScanWatcher implements AutoCloseable {

    /** Contains an event as it was received. */
    record Event(String id, JsonNode scan) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestService service;

    ScanWatcher(TestService service) {
        this.service = service;
    }

    /** Opens a stream of the scan with this path, which must succeed, and returns its lines. */
    Stream<String> watch(Credentials key, String path) throws IOException, InterruptedException {
        return watchAfter(key, path, /* lastEventId= */ "");
    }

    /** Opens a stream that begins after the event with this id, which must succeed, and returns its lines. */
    Stream<String> watchAfter(Credentials key, String path, String lastEventId)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = openAfter(key, path, lastEventId);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return response.body();
    }

    /** Opens a stream with a token instead of an access key, which must succeed, and returns its lines. */
    Stream<String> watchWithToken(String token, String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response =
                http.send(request(path).header("X-Auth-Token", token).build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    /** Requests a stream that begins after the event with this id, unless the id is empty. It can be refused. */
    HttpResponse<Stream<String>> openAfter(Credentials key, String path, String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        service.sign(key, "GET", path + "/events", Map.of(), "").forEach(request::header);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    /** Sends a HEAD request for a stream, and returns the status of the answer. */
    int head(Credentials key, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).HEAD();
        service.sign(key, "HEAD", path + "/events", Map.of(), "").forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.endpoint() + path + "/events"))
                .timeout(Duration.ofSeconds(60));
    }

    /** Reads events until one meets the condition. */
    static void read(Iterator<String> lines, List<Event> events, Predicate<JsonNode> until) {
        String id = "";
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                events.add(new Event(id, JsonMapper.shared().readTree(line.substring(6))));
                if (until.test(events.getLast().scan())) {
                    return;
                }
            }
        }
        throw new AssertionError("The stream ended early, after " + events);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
