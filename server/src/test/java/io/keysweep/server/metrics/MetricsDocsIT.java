package io.keysweep.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code docs/metrics.md} lists the metrics of a running service, and no others. */
class MetricsDocsIT {

    /** Section of the metrics that a service always serves. */
    static final String ALWAYS_SERVED = "Metrics of the service";

    private static final String SOMETIMES_SERVED = "Metrics that are served sometimes";
    private static final String TOKEN = "0123456789abcdefXYZ";

    @TempDir
    private Path home;

    @Test
    void documentation_listsWhatIsServed_withTypesAndLabels() throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(home, Map.of("KEYSWEEP_METRICS_TOKEN", TOKEN))) {
            KeySpace.frozen(redis.client()).plant(0, 2_000, 1_000);
            Credentials key = service.administrator();
            String instanceId = service.register(key, "i", redis.uri());
            String estimates = "/api/v1/instances/" + instanceId + "/estimates";
            assertThat(service.call(key, "POST", estimates, "{\"samplePrimary\":true}")
                            .status())
                    .isEqualTo(200);
            Map<String, MetricsPage.Metric> estimated = MetricsPage.parse(page(service));
            assertThat(estimated).containsKey("keysweep_backlog_keys");
            assertThat(page(service)).contains("keysweep_backlog_estimates 1.0");
            scan(service, key, instanceId);

            String page = page(service);
            // The scan has reclaimed the estimated keys.
            assertThat(page.lines()).contains("keysweep_backlog_estimates 0.0", "keysweep_backlog_keys 0.0");
            assertThat(page.lines())
                    .anyMatch(line -> line.matches("keysweep_step_stall_seconds_count [1-9].*"))
                    .anyMatch(line -> line.matches("keysweep_step_seconds_bucket\\{le=\"\\+Inf\"\\} [1-9].*"))
                    .anyMatch(line -> line.matches("keysweep_run_seconds_total (0\\.\\d*)?[1-9].*"));
            Map<String, MetricsPage.Metric> served = MetricsPage.parse(page);
            Map<String, MetricsPage.Metric> sometimes = MetricsPage.documented(SOMETIMES_SERVED);
            served.keySet().removeAll(sometimes.keySet());
            assertThat(MetricsPage.documented(ALWAYS_SERVED)).containsExactlyInAnyOrderEntriesOf(served);
        }
    }

    private static void scan(TestService service, Credentials key, String instanceId) {
        String scanId = service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}")
                .body()
                .get("id")
                .asString();
        await().until(() -> service.call(key, "GET", "/api/v1/scans/" + scanId, "")
                .body()
                .has("finishedAt"));
        // The gauges of the whole service are up to two seconds old.
        await().until(() -> page(service).contains("keysweep_backlog_estimates 0.0"));
    }

    private static String page(TestService service) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(service.endpoint() + "/metrics"))
                                    .header("Authorization", "Bearer " + TOKEN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
