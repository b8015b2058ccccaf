package io.keysweep.server.metrics;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests health and metrics of a running service, and who may read them. */
@ExtendWith(SharedServicesResolver.class)
class MetricsIT {

    private static final String TOKEN = "0123456789abcdefXYZ";

    @TempDir
    private Path home;

    @Test
    void probes_withoutCredentials_areServed_andOtherPathsAreRefused(SharedServices services) {
        TestService service = services.h2();
        Credentials admin = service.newAdministrator("probes");
        for (String path : List.of("/livez", "/readyz")) {
            // A busy machine may delay the heartbeats, which are part of the readiness.
            await("the service is up").untilAsserted(() -> {
                Answer answer = service.send("GET", path, Map.of("Accept", "text/html", "Content-Type", "*/*"), "");
                assertThat(answer.status()).as(path).isEqualTo(200);
                assertThat(answer.response().body()).isEqualTo("{\"status\":\"UP\"}");
            });
        }

        for (String path :
                List.of("/metrics", "/prometheus", "/health", "/health/readiness", "/health/db", "/actuator", "/env")) {
            Answer open = service.send("GET", path, Map.of(), "");
            assertThat(open.status()).as(path).isIn(401, 404);
            assertThat(open.response().body()).doesNotContain("status\"", "jvm_");
            assertThat(service.call(admin, "GET", path, "").status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void metrics_afterAScan_includeTheScan_andNeedTheToken() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of("KEYSWEEP_METRICS_TOKEN", TOKEN))) {
            // Without the right token, nothing is shown.
            for (Map<String, String> headers : List.of(
                    Map.<String, String>of(),
                    Map.of("Authorization", "Bearer " + TOKEN + "x"),
                    Map.of("Authorization", "Bearer "),
                    Map.of("Authorization", "Basic " + TOKEN))) {
                Answer refusal = service.send("GET", "/metrics", headers, "");
                assertThat(refusal.status()).isEqualTo(401);
                assertThat(refusal.header("WWW-Authenticate")).startsWith("Bearer");
                assertThat(refusal.response().body()).doesNotContain(TOKEN, "jvm_");
            }

            // %6D is the letter m, so this is the same path.
            assertThat(service.send("GET", "/%6Detrics", Map.of(), "").status()).isEqualTo(401);

            // After a scan, the metrics include its counts, but no ids and no access keys.
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 1_000, /* dead= */ 500);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "i", redis.uri());
            String scanId = service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}")
                    .id();
            await("the scan ends")
                    .until(() -> service.call(key, "GET", "/api/v1/scans/" + scanId, "")
                            .body()
                            .has("finishedAt"));

            // A scan is counted after it is stored as ended, and a request after it is answered, so the counters can be
            // late.
            await("scan and request are counted")
                    .untilAsserted(() -> assertThat(metrics(service.endpoint()).lines())
                            .contains(
                                    "keysweep_keys_visited_total 1500.0",
                                    "keysweep_keys_reclaimed_total 500.0",
                                    "keysweep_scans_ended_total{state=\"success\",type=\"manual\"} 1.0",
                                    "keysweep_scans{state=\"running\"} 0.0",
                                    "keysweep_instances 1.0",
                                    "keysweep_processes{status=\"alive\"} 1.0",
                                    "keysweep_webhook_deliveries_pending 0.0")
                            .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"))
                            .anyMatch(line -> line.startsWith("hikaricp_connections_active"))
                            .anyMatch(line -> line.startsWith("keysweep_run_longest_stall_seconds_bucket"))
                            .anyMatch(line -> line.startsWith("http_server_requests_seconds_count")
                                    && line.contains("uri=\"/api/v1/scans/{id}\"")));

            assertThat(metrics(service.endpoint())).doesNotContain(instanceId, scanId, key.accessKey());
        }
    }

    @Test
    void wrongTokens_countTowardTheLimitOfTheAddress_andTheRightOneDoesNot() throws Exception {
        try (TestService service = TestService.start(
                home, Map.of("KEYSWEEP_METRICS_TOKEN", TOKEN, "KEYSWEEP_LIMITS_RATE_PER_ADDRESS", "1"))) {
            Map<String, String> wrong = Map.of("Authorization", "Bearer " + TOKEN + "x");

            // After many wrong tokens, the address is limited. The right token still works.
            await("wrong tokens are too many")
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> service.send("GET", "/metrics", wrong, "").status() == 429);

            assertThat(metrics(service.endpoint())).contains("keysweep_instances");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metricsPort_thatIsSet_servesTheMetrics(boolean withToken) throws Exception {
        Map<String, String> variables = withToken
                ? Map.of("KEYSWEEP_METRICS_PORT", "0", "KEYSWEEP_METRICS_TOKEN", TOKEN)
                : Map.of("KEYSWEEP_METRICS_PORT", "0");
        try (TestService service = TestService.start(home, variables)) {
            String metricsUrl =
                    "http://127.0.0.1:" + service.bean(MetricsPort.class).number();
            assertThat(get(metricsUrl + "/metrics", "").statusCode()).isEqualTo(withToken ? 401 : 200);
            assertThat(metrics(metricsUrl)).contains("keysweep_instances 0.0");
            assertThat(get(metricsUrl + "/health", "").statusCode()).isEqualTo(404);

            // The port of the service has the probes, but no metrics.
            assertThat(get(service.endpoint() + "/readyz", "").statusCode()).isEqualTo(200);
            assertThat(get(service.endpoint() + "/metrics", TOKEN).statusCode()).isEqualTo(404);

            if (withToken) {
                assertSlowClientIsCutOff(service.bean(MetricsPort.class).number());
            }
        }
    }

    /** Sends the head of a request byte by byte, and waits until the service has ended the connection. */
    private static void assertSlowClientIsCutOff(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(200);
            socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nX-A: ".getBytes(StandardCharsets.US_ASCII));
            await("the slow client is cut off").until(() -> hasEndedAfterAnotherByte(socket));
        }
    }

    /** Sends one more byte, and returns whether the service has ended the connection. */
    private static boolean hasEndedAfterAnotherByte(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // The service has reset the connection.
            return true;
        }
    }

    /** Returns the page of metrics, which the right token must open. */
    private static String metrics(String endpoint) throws Exception {
        HttpResponse<String> answer = get(endpoint + "/metrics", TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/openmetrics-text");
        assertThat(answer.body()).endsWith("# EOF\n");
        return answer.body();
    }

    /** Sends a GET with a token, as Prometheus does. */
    private static HttpResponse<String> get(String url, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Accept", "application/openmetrics-text; version=1.0.0; charset=utf-8")
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
