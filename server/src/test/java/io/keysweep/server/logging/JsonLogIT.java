package io.keysweep.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the JSON log of a service that runs a scan with secrets. */
class JsonLogIT {

    private static final String TOKEN = "0123456789-metrics-token";

    @TempDir
    private Path home;

    @Test
    void log_ofAServiceThatScans_isJsonWithoutSecrets() throws IOException, InterruptedException {
        String scanId;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service = ServiceProcess.start(
                        TestDatabase.prepareHome(home),
                        Map.of("KEYSWEEP_LOG_FORMAT", "ecs", "KEYSWEEP_METRICS_TOKEN", TOKEN))) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            redis.client().call("ACL", "SETUSER", "app", "on", ">open-sesame", "~*", "+@all");
            String id = service.register("orders", redis.uri().replace("redis://", "redis://app:open-sesame@"));
            scanId = service.startScan(id);

            assertThat(service.awaitEnd(scanId).path("state").asString()).isEqualTo("success");

            service.terminate();
        }

        // The first start prints the administrator's key as plain text. All other lines come from loggers.
        List<String> lines = Files.readAllLines(home.resolve("service.log"));
        List<JsonNode> events = lines.stream()
                .filter(line -> line.startsWith("{"))
                .map(line -> Objects.requireNonNull(new JsonMapper().readTree(line)))
                .toList();

        assertThat(lines)
                .filteredOn(line -> line.contains(" INFO ") || line.contains(" WARN "))
                .isEmpty();
        assertThat(events)
                .isNotEmpty()
                .allMatch(event -> event.has("@timestamp")
                        && event.has("message")
                        && event.path("log").has("level"))
                .anyMatch(event -> event.path("message").asString().contains("ended COMPLETED")
                        && event.path("scanId").asString().equals(scanId));
        assertThat(events.toString()).doesNotContain("open-sesame", TOKEN, "secret");
    }
}
