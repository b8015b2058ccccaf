package io.keysweep.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.signature.RequestSigner;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.SignedServiceClient;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a service in a small heap still answers other clients during an attack.
 *
 * <p>Hostile clients keep many connections open with unfinished requests. Greedy clients send as much as they can.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class OverloadIT {

    /** Far more connections than the heap allows. */
    private static final int ATTACKERS = 3_650;

    /** Three times as many connections as the heap allows. */
    private static final int FEWER_ATTACKERS = 1_500;

    /** The size of a large fleet document. */
    private static final int FLEET_BYTES = 8 * 1024 * 1024;

    /** More characters than any part of a request may have. */
    private static final int TOO_LONG = 100_000;

    /** Ten times as many requests as an access key may send in a second. */
    private static final int BURST = 200;

    /** The time within which the service must answer another client, during an attack and after it. */
    private static final Duration MAX_ANSWER_TIME = Duration.ofSeconds(30);

    private static ServiceProcess service;
    private static SignedServiceClient client;
    private static final Properties CREDENTIALS = new Properties();

    @BeforeAll
    static void start(@TempDir Path home) throws IOException {
        service = ServiceProcess.start(
                TestDatabase.prepareHome(home),
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m", "KEYSWEEP_LIMITS_RATE_PER_KEY", "20"));
        client = new SignedServiceClient(home.resolve("credentials"), MAX_ANSWER_TIME);
        try (InputStream file = Files.newInputStream(home.resolve("credentials"))) {
            CREDENTIALS.load(file);
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    /**
     * Each row is an attack: its name, the bytes that each client sends first, and the bytes that it then sends every
     * 500 ms. A vertical bar stands for a line break.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(quoteCharacter = '"', textBlock = """
            body of a token that stops, POST /v3/auth/tokens HTTP/1.1|Host: h|Content-Type: application/json|Content-Length: 1000||x, ""
            body of a token byte by byte, POST /v3/auth/tokens HTTP/1.1|Host: h|Content-Type: application/json|Content-Length: 1000||x, x
            body without credentials,    POST /api/v1/scans HTTP/1.1|Host: h|Content-Length: 1000||x, x
            body for a known access key, POST /api/v1/scans HTTP/1.1|Host: h|X-Sdk-Date: {date}|Authorization: SDK-HMAC-SHA256 Access={ak}, SignedHeaders=host;x-sdk-date, Signature=0123456789abcdef0123456789abcdef|Content-Length: 100000||x, x
            form of the console,         POST /console/sign-in HTTP/1.1|Host: h|Content-Type: application/x-www-form-urlencoded|Content-Length: 100000||a=, x
            upload of the console,       POST /console/sign-in HTTP/1.1|Host: h|Content-Type: multipart/form-data; boundary=b|Content-Length: 100000||--b, x
            form by another method,      PUT /api/v1/scans HTTP/1.1|Host: h|Content-Type: application/x-www-form-urlencoded|Transfer-Encoding: chunked||1|a|, "1|a|"
            chunks without an end,       POST /v3/auth/tokens HTTP/1.1|Host: h|Transfer-Encoding: chunked||1|x|, "1|x|"
            head that stops,             GET /api/v1/scans HTTP/1.1|Host:, ""
            head byte by byte,           GET /api/v1/scans HTTP/1.1|X-A:, x
            nothing at all,              "", ""
            idle after a response,       GET /api/v1/scans HTTP/1.1|Host: h||, ""
            """)
    @SuppressWarnings("try") // The clients only need to be closed.
    void otherClients_duringAndAfterAnAttackBySlowClients_areAnswered(String name, String request, String more)
            throws Exception {
        try (HostileClients clients = new HostileClients(service.endpoint())
                .connect(name.startsWith("body of a token that stops") ? ATTACKERS : FEWER_ATTACKERS, text(request))
                .trickle(text(more))) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(service.endpoint(), "GET", "/api/v1/scans", "", Map.of())
                                .status())
                        .as(name)
                        .isEqualTo(200);
            }
        }

        assertThat(client.send(service.endpoint(), "GET", "/api/v1/scans", "", Map.of())
                        .status())
                .isEqualTo(200);
        assertThat(service.alive()).isTrue();
    }

    private static String text(String request) {
        return request.replace("{ak}", CREDENTIALS.getProperty("access_key"))
                .replace("{date}", sign("GET", "/", new byte[0]).get("X-Sdk-Date"))
                .replace("|", "\r\n");
    }

    @Test
    void largeBodies_atTheSameTime_leaveTheServiceHealthy() throws Exception {
        // The first document has millions of empty instances, the second document millions of blanks.
        byte[] manyInstances =
                ("{\"instances\":[" + "{},".repeat(FLEET_BYTES / 3 - 10) + "{}]}").getBytes(StandardCharsets.UTF_8);
        byte[] manyBlanks = ("{\"instances\":[]" + " ".repeat(FLEET_BYTES - 20) + "}").getBytes(StandardCharsets.UTF_8);
        List<Integer> statuses = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<HttpResponse<Void>>> responses = new ArrayList<>();
            // Clients send each document with credentials, and the first document also without.
            Map<String, String> noCredentials = Map.of();
            for (int i = 0; i < 30; i++) {
                responses.add(
                        http.sendAsync(apply(manyInstances, noCredentials), HttpResponse.BodyHandlers.discarding()));
                responses.add(http.sendAsync(
                        apply(manyInstances, sign("POST", "/api/v1/instances/apply", manyInstances)),
                        HttpResponse.BodyHandlers.discarding()));
                responses.add(http.sendAsync(
                        apply(manyBlanks, sign("POST", "/api/v1/instances/apply", manyBlanks)),
                        HttpResponse.BodyHandlers.discarding()));
            }
            for (CompletableFuture<HttpResponse<Void>> future : responses) {
                // If the service closes the connection while the client still sends, the client may get no response.
                // The status is then recorded as 0.
                statuses.add(future.handle((response, failed) -> response == null ? 0 : response.statusCode())
                        .get());
            }
        }

        assertThat(statuses).contains(401).isSubsetOf(0, 200, 400, 401, 429, 503);
        assertThat(service.alive()).isTrue();

        awaitAnswer();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long header",
                "long URL",
                "many headers",
                "deep document",
                "huge exponent",
                "long number",
                "compressed body"
            })
    void request_thatIsTooLargeOrTooComplex_isRefused(String problem) throws Exception {
        String path = problem.equals("long URL") ? "/api/v1/scans?x=" + "y".repeat(TOO_LONG) : "/api/v1/scans";
        String body = switch (problem) {
            case "deep document" -> "[".repeat(TOO_LONG);
            case "huge exponent" -> "{\"instanceId\":\"x\",\"rateCeiling\":1e999999999}";
            case "long number" -> "{\"instanceId\":\"x\",\"rateCeiling\":" + "9".repeat(TOO_LONG) + "}";
            case "compressed body" -> "\u001f\u008b" + "\0".repeat(1_000);
            default -> "";
        };

        Map<String, String> headers = new HashMap<>();
        if (problem.equals("long header")) {
            headers.put("X-Long", "y".repeat(TOO_LONG));
        } else if (problem.equals("many headers")) {
            for (int i = 0; i < 500; i++) {
                headers.put("X-H" + i, "y");
            }
        } else if (problem.equals("compressed body")) {
            headers.put("Content-Encoding", "gzip");
        }

        String method = body.isEmpty() ? "GET" : "POST";

        assertThat(client.send(service.endpoint(), method, path, body, headers).status())
                .isBetween(400, 431);
    }

    @Test
    void accessKey_aboveItsRate_isRefusedForASecond() throws Exception {
        List<HttpResponse<Void>> responses = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            // On a busy machine, the requests may take so long that the key does not exceed its rate at first.
            Waits.await("the key exceeds its rate").until(() -> {
                responses.addAll(sendAllAtTheSameTime(
                        http, BURST, "/api/v1/scans", () -> sign("GET", "/api/v1/scans", new byte[0])));
                return responses.stream().anyMatch(response -> response.statusCode() == 429);
            });
        }

        assertRefusedForASecond(responses);

        awaitAnswer();
    }

    @Test
    void sessionOfTheConsole_aboveTheRateOfItsKey_isRefusedForASecond() throws Exception {
        ConsoleClient browser = new ConsoleClient(service.endpoint());
        assertThat(browser.signIn(new Credentials(
                                CREDENTIALS.getProperty("project_id"),
                                CREDENTIALS.getProperty("access_key"),
                                CREDENTIALS.getProperty("secret_key")))
                        .status())
                .isEqualTo(302);

        String cookies = browser.cookies().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        // The browser sends requests in bursts, until one of them is refused.
        List<HttpResponse<Void>> responses = new ArrayList<>();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Waits.await("the session exceeds the rate of its key").until(() -> {
                responses.addAll(sendAllAtTheSameTime(
                        http, BURST, "/console/assets/charts.js", () -> Map.of("Cookie", cookies)));
                return responses.stream().anyMatch(response -> response.statusCode() == 429);
            });
        }

        assertRefusedForASecond(responses);

        awaitAnswer();
    }

    /** Checks that requests were either answered, or refused with the advice to repeat them after 1 s. */
    private static void assertRefusedForASecond(List<HttpResponse<Void>> responses) {
        assertThat(responses).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        assertThat(responses)
                .filteredOn(response -> response.statusCode() == 429)
                .allSatisfy(response ->
                        assertThat(response.headers().firstValue("Retry-After")).hasValue("1"));
    }

    /** Sends requests for the same path at the same time, each with headers of its own, and returns the responses. */
    private static List<HttpResponse<Void>> sendAllAtTheSameTime(
            HttpClient http, int requests, String path, Supplier<Map<String, String>> headers) throws Exception {
        List<CompletableFuture<HttpResponse<Void>>> futures = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.endpoint() + path));
            headers.get().forEach(request::header);
            futures.add(http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding()));
        }
        List<HttpResponse<Void>> responses = new ArrayList<>();
        for (CompletableFuture<HttpResponse<Void>> future : futures) {
            responses.add(future.get());
        }
        return responses;
    }

    /** Waits until the access key is allowed to send requests again, and the service answers one. */
    private static void awaitAnswer() {
        Waits.await("the service answers again")
                .until(() -> client.send(service.endpoint(), "GET", "/api/v1/scans", "", Map.of())
                                .status()
                        == 200);
    }

    private static HttpRequest apply(byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.endpoint() + "/api/v1/instances/apply"))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return request.build();
    }

    private static Map<String, String> sign(String method, String path, byte[] body) {
        Map<String, String> headers = new HashMap<>(new RequestSigner(
                        CREDENTIALS.getProperty("access_key"),
                        CREDENTIALS.getProperty("secret_key"),
                        InstantSource.system())
                .sign(method, URI.create(service.endpoint() + path), Map.of("Content-Type", "application/json"), body));
        headers.remove("Host");
        return headers;
    }
}
