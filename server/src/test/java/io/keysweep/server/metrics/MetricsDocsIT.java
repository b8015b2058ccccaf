package io.keysweep.server.metrics;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that {@code docs/metrics.md} lists the metrics of a running service, and no others.
 *
 * <p>The service runs in its own process, because a service inside the JVM of the tests has no metrics of log lines.
 */
class MetricsDocsIT {

    /** The title of the section with the metrics that a service always serves. */
    static final String ALWAYS_SERVED = "Metrics of the service";

    private static final String SOMETIMES_SERVED = "Metrics that are served sometimes";
    private static final String TOKEN = "0123456789abcdefXYZ";

    @TempDir
    private Path home;

    @Test
    void documentation_listsWhatIsServed_withTypesAndLabels() throws IOException, InterruptedException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service =
                        ServiceProcess.start(TestDatabase.prepareHome(home), Map.of("KEYSWEEP_METRICS_TOKEN", TOKEN))) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            String instanceId = service.register("i", redis.uri());
            service.call("POST", "/api/v1/instances/" + instanceId + "/estimates", "{\"samplePrimary\":true}");

            // The service reads the gauges at most every two seconds, so the test waits.
            await("the estimate is served").until(() -> page(service).contains("keysweep_backlog_estimates 1.0"));
            assertThat(service.awaitEnd(service.startScan(instanceId))
                            .path("state")
                            .asString())
                    .isEqualTo("success");

            // A scan has succeeded since the estimate, so the estimate is no longer counted.
            await("the estimate is left out").until(() -> page(service).contains("keysweep_backlog_estimates 0.0"));

            // The scan has also left its counts and times.
            String page = page(service);
            assertThat(page.lines())
                    .contains("keysweep_backlog_keys 0.0")
                    .anyMatch(line -> line.matches("keysweep_step_stall_seconds_count [1-9].*"))
                    .anyMatch(line -> line.matches("keysweep_step_seconds_bucket\\{le=\"\\+Inf\"\\} [1-9].*"))
                    .anyMatch(line -> line.matches("keysweep_run_seconds_total (0\\.\\d*)?[1-9].*"));

            // The documentation has the same metrics as the page.
            Map<String, MetricsPage.Metric> served = MetricsPage.parse(page);
            served.keySet().removeAll(MetricsPage.documented(SOMETIMES_SERVED).keySet());
            assertThat(MetricsPage.documented(ALWAYS_SERVED)).containsExactlyInAnyOrderEntriesOf(served);
        }
    }

    /** Returns the page of metrics. */
    private static String page(ServiceProcess service) throws IOException, InterruptedException {
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
