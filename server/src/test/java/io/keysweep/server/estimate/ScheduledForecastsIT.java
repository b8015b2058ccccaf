package io.keysweep.server.estimate;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.cliff.CliffKeys;
import io.keysweep.server.notify.Receiver;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Replication;
import io.keysweep.testkit.RespClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Tests that scheduled forecasts, which no user requests, warn of a cliff by a webhook and by a metric.
 *
 * <p>A cliff is a time in which far more keys expire than around it.
 */
class ScheduledForecastsIT {

    private static final String TOKEN = "0123456789abcdefXYZ";
    private static final Map<String, String> VARIABLES =
            Map.of("KEYSWEEP_METRICS_TOKEN", TOKEN, "KEYSWEEP_FORECAST_HOURS", "1");

    @TempDir
    private Path home;

    @Test
    void cliff_ofAScheduledForecast_isAnnouncedOnce_alsoAfterARestart() throws Exception {
        try (RedisServer primary = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer replica = RedisServer.start(
                        RedisVersion.REDIS_7_0, "--replicaof", "127.0.0.1", String.valueOf(primary.port()));
                RespClient onPrimary = primary.client();
                RespClient onReplica = replica.client();
                Receiver receiver = Receiver.start()) {
            KeySpace.withExpiryOff(onPrimary);
            Instant planted = InstantSource.system().instant();
            CliffKeys.plant(onPrimary);
            Replication.awaitSynchronised(onPrimary, onReplica);

            String hook;
            String estimates;
            Credentials key;
            try (TestService service = TestService.start(home, VARIABLES)) {
                await("the service has made its first round, without an instance")
                        .until(() -> service.bean(JdbcClient.class)
                                        .sql("select count(*) from scheduled_tasks where task_name = 'forecasts'"
                                                + " and not picked and last_success is not null")
                                        .query(Integer.class)
                                        .single()
                                == 1);

                // There is no forecast of the new instance yet, so no cliff is known.
                key = service.administrator();
                String instanceId = service.register(key, "orders", primary.uri());
                estimates = "/api/v1/instances/" + instanceId + "/estimates";
                hook = "/api/v1/webhooks/"
                        + service.call(
                                        key,
                                        "POST",
                                        "/api/v1/webhooks",
                                        "{\"url\":\"" + receiver.url() + "\",\"events\":[\"cliff.ahead\"]}")
                                .id();

                assertMetrics(service, "keysweep_cliffs 0.0", "keysweep_cliff_backlog_keys_max 0.0");

                // The forecast of this instance sends a notice about the cliff.
                service.bean(ScheduledForecasts.class).makeAll(/* isStopping= */ () -> false);

                await("the notice is received").until(() -> !receiver.received().isEmpty());
                JsonNode notice = receiver.received().getFirst().json();
                assertThat(notice.get("type").asString()).isEqualTo("cliff.ahead");
                assertThat(notice.at("/data/instanceId").asString()).isEqualTo(instanceId);
                assertThat(notice.at("/data/instanceName").asString()).isEqualTo("orders");

                // The cliff begins at most a minute after the keys expire.
                JsonNode cliff = notice.at("/data/cliff");
                Instant expiry = planted.plusSeconds(CliffKeys.SECONDS);
                assertThat(Instant.parse(cliff.get("from").asString())).isBeforeOrEqualTo(expiry.plusSeconds(60));
                assertThat(Instant.parse(cliff.get("until").asString())).isAfter(expiry);
                assertThat(cliff.get("keys").asLong())
                        .isBetween(
                                cliff.get("lowest").asLong(),
                                cliff.get("highest").asLong())
                        .isCloseTo(CliffKeys.EXPIRING, withinPercentage(20));

                long backlog = cliff.get("backlog").asLong();
                assertThat(backlog).isGreaterThanOrEqualTo(1_000);
                assertThat(cliff.get("backlogBytes").asLong()).isPositive();
                assertThat(Instant.parse(cliff.get("proposedStart").asString())).isAfter(planted);

                // The metrics have the same backlog.
                assertMetrics(service, "keysweep_cliffs 1.0", "keysweep_cliff_backlog_keys_max " + (double) backlog);

                // A second forecast of the same cliff sends no notice.
                Answer last = service.call(key, "GET", estimates, "");
                assertThat(last.body().get("by").asString()).isEqualTo("scheduled forecast");
                service.bean(ScheduledForecasts.class).makeAll(/* isStopping= */ () -> false);
                assertThat(service.call(key, "GET", hook + "/deliveries", "").body())
                        .hasSize(1);
            }

            // After a restart, the cliff is still known.
            try (TestService service = TestService.start(home, VARIABLES)) {
                assertThat(service.call(key, "POST", estimates, "").status()).isEqualTo(200);
                assertThat(service.call(key, "GET", hook + "/deliveries", "").body())
                        .as("the cliff is known")
                        .hasSize(1);
                assertThat(metrics(service)).contains("keysweep_cliffs 1.0");
            }
        }
    }

    /** Waits until the service reports these values. It keeps the values of a scrape for some seconds. */
    private static void assertMetrics(TestService service, String... lines) {
        await("the metrics are current")
                .untilAsserted(() -> assertThat(metrics(service).lines()).contains(lines));
    }

    /** Returns the page of metrics. */
    private static String metrics(TestService service) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(service.endpoint() + "/metrics"))
                                    .header("Accept", "application/openmetrics-text; version=1.0.0; charset=utf-8")
                                    .header("Authorization", "Bearer " + TOKEN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
