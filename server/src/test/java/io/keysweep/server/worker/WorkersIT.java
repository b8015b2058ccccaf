package io.keysweep.server.worker;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests that a process takes over the sweep of another process that is killed.
 *
 * <p>The two services share a PostgreSQL. The budget allows only one sweep at a time.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class WorkersIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /** The number of dead keys on the server of the second scan. */
    private static final int DEAD_OF_SECOND = 50;

    @TempDir
    private Path folder;

    @Test
    void killedWorker_isListedAsMissed_andItsSweepContinuesInTheOtherProcess() throws Exception {
        Map<String, String> variables = Map.of(
                "KEYSWEEP_DATABASE_URL",
                TestDatabase.postgresUrl(),
                // A worker that misses four heartbeats is treated as lost, so a busy machine needs long intervals.
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                "3",
                "KEYSWEEP_BUDGET_SWEEPS",
                "1");
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer otherRedis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess killed = ServiceProcess.start(home, variables)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            KeySpace.withExpiryOff(otherRedis.client()).plant(/* db= */ 0, /* live= */ 100, DEAD_OF_SECOND);
            String instanceId = killed.register("first", redis.uri());
            String firstScan = killed.call(
                            "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}")
                    .get("id")
                    .asString();

            // The other service starts once the sweep runs in the process.
            awaitScan(
                    "the sweep runs",
                    () -> killed.get("/api/v1/scans/" + firstScan),
                    scan -> scan.get("visited").asLong() > 0);
            try (TestService survivor =
                    TestService.start(ServiceProcess.copyHome(home, folder.resolve("other")), variables)) {
                // The second sweep waits, because the first sweep has the only permit of the budget.
                String otherId = survivor.register(survivor.administrator(), "second", otherRedis.uri());
                String secondScan = call(survivor, "POST", "/api/v1/scans", "{\"instanceId\":\"" + otherId + "\"}")
                        .get("id")
                        .asString();
                awaitThat(
                        survivor,
                        "/api/v1/scans/" + secondScan,
                        scan -> scan.path("hold")
                                .asString("")
                                .equals("waits for its budget: 1 of 1 sweeps run in all"));

                // Both processes are listed as alive, the first process with its sweep. The test waits, because a busy
                // machine may delay a heartbeat.
                JsonNode workers = awaitThat(
                        survivor,
                        "/api/v1/workers",
                        found -> found.findValuesAsString("status").equals(List.of("alive", "alive"))
                                && found.findValuesAsString("scanId").contains(firstScan));
                assertThat(workers.get(0).get("roles").toString()).isEqualTo("[\"api\",\"console\",\"worker\"]");

                JsonNode runner = workerOf(workers, firstScan);
                assertThat(runner.get("pid").asLong()).isEqualTo(killed.pid());

                JsonNode sweep = runner.get("sweeps").get(0);
                assertThat(sweep.get("instanceId").asString()).isEqualTo(instanceId);
                assertThat(sweep.get("nodeId").asString()).isEqualTo("127.0.0.1:" + redis.port());

                // After the kill, the other process takes over the first sweep with its permit, so the second sweep
                // still waits.
                killed.kill();
                String deadId = runner.get("id").asString();
                awaitThat(
                        survivor,
                        "/api/v1/workers",
                        found -> worker(found, deadId).get("status").asString().equals("missed"));
                awaitThat(
                        survivor,
                        "/api/v1/workers",
                        found -> found.findValuesAsString("scanId").contains(firstScan)
                                && !workerOf(found, firstScan)
                                        .get("id")
                                        .asString()
                                        .equals(deadId));

                assertThat(call(survivor, "GET", "/api/v1/scans/" + secondScan, "")
                                .has("hold"))
                        .isTrue();

                // Both sweeps end with correct counts.
                call(survivor, "PATCH", "/api/v1/scans/" + firstScan, "{\"rateCeiling\":null,\"profile\":\"full\"}");
                assertThat(awaitEnd(survivor, firstScan).get("reclaimed").asLong())
                        .isEqualTo(DEAD);
                assertThat(keys.size(0)).isEqualTo(LIVE);
                assertThat(awaitEnd(survivor, secondScan).get("reclaimed").asLong())
                        .isEqualTo(DEAD_OF_SECOND);

                // A restarted process is listed as a third worker. After an orderly end it is no longer listed.
                killed.restart();
                awaitThat(survivor, "/api/v1/workers", found -> found.size() == 3);
                assertThat(killed.terminate()).isZero();

                JsonNode remaining = awaitThat(survivor, "/api/v1/workers", found -> found.size() == 2);
                assertThat(remaining.findValuesAsString("id")).contains(deadId);
            }
        }
    }

    private static JsonNode call(TestService service, String method, String path, String body) {
        return service.call(service.administrator(), method, path, body).body();
    }

    private static JsonNode awaitEnd(TestService service, String scanId) {
        return awaitThat(service, "/api/v1/scans/" + scanId, scan -> scan.has("finishedAt"));
    }

    /** Returns the process that runs a scan. */
    private static JsonNode workerOf(JsonNode workers, String scanId) {
        return workers.valueStream()
                .filter(worker ->
                        worker.get("sweeps").findValuesAsString("scanId").contains(scanId))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode worker(JsonNode workers, String id) {
        return workers.valueStream()
                .filter(worker -> worker.get("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode awaitThat(TestService service, String path, Predicate<JsonNode> condition) {
        return await("the answer of " + path + " changes").until(() -> call(service, "GET", path, ""), condition);
    }
}
