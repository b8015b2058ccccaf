package io.keysweep.server.worker;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
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
 * Tests two service processes on one PostgreSQL, of which the one that runs a sweep is killed. The budget is one sweep.
 */
@Order(1)
class WorkersIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    @TempDir
    private Path folder;

    @Test
    void killedWorker_isMissed_andItsSweepContinuesInTheOtherProcessWithItsPermit() throws Exception {
        Map<String, String> variables = Map.of(
                "KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl(),
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1",
                "KEYSWEEP_BUDGET_SWEEPS", "1");
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer other = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess one = ServiceProcess.start(home, variables);
                ServiceProcess two =
                        ServiceProcess.start(ServiceProcess.sibling(home, folder.resolve("other")), variables)) {
            KeySpace keys = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            KeySpace.frozen(other.client()).plant(0, 100, 50);
            String instanceId = one.register("first", redis.uri());
            String first = create(one, instanceId, 50);
            awaitScan(
                    "the first scan runs",
                    () -> one.get("/api/v1/scans/" + first),
                    scan -> scan.get("visited").asLong() > 0);
            String second = create(one, one.register("second", other.uri()), 1_000_000);
            awaitThat(
                    one,
                    "/api/v1/scans/" + second,
                    scan -> scan.path("hold").asString("").equals("waits for its budget: 1 of 1 sweeps run in all"));

            // A busy machine may delay a heartbeat.
            JsonNode workers = awaitThat(
                    one,
                    "/api/v1/workers",
                    found -> found.findValuesAsString("status").equals(List.of("alive", "alive"))
                            && found.findValuesAsString("scanId").contains(first));
            assertThat(workers.get(0).get("roles").toString()).isEqualTo("[\"api\",\"console\",\"worker\"]");
            JsonNode runner = workerOf(workers, first);
            JsonNode sweep = runner.get("sweeps").get(0);
            assertThat(sweep.get("instanceId").asString()).isEqualTo(instanceId);
            assertThat(sweep.get("nodeId").asString()).isEqualTo("127.0.0.1:" + redis.port());
            ServiceProcess killed = runner.get("pid").asLong() == one.pid() ? one : two;
            ServiceProcess survivor = killed == one ? two : one;
            assertThat(List.of(one.pid(), two.pid())).contains(runner.get("pid").asLong());
            killed.kill();
            String deadId = runner.get("id").asString();
            awaitThat(
                    survivor,
                    "/api/v1/workers",
                    found -> worker(found, deadId).get("status").asString().equals("missed"));
            awaitThat(
                    survivor,
                    "/api/v1/workers",
                    found -> found.findValuesAsString("scanId").contains(first)
                            && !workerOf(found, first).get("id").asString().equals(deadId));
            assertThat(survivor.get("/api/v1/scans/" + second).has("hold")).isTrue();
            survivor.call("PATCH", "/api/v1/scans/" + first, "{\"rateCeiling\":null,\"profile\":\"full\"}");
            assertThat(survivor.awaitEnd(first).get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(survivor.awaitEnd(second).get("reclaimed").asLong()).isEqualTo(50);

            killed.restart();
            awaitThat(survivor, "/api/v1/workers", found -> found.size() == 3);
            assertThat(killed.terminate()).isZero();
            awaitThat(survivor, "/api/v1/workers", found -> found.size() == 2);
            assertThat(survivor.get("/api/v1/workers").findValuesAsString("id")).contains(deadId);
        }
    }

    private static String create(ServiceProcess service, String instanceId, int rate) {
        return service.call(
                        "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + rate + "}")
                .get("id")
                .asString();
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

    private static JsonNode awaitThat(ServiceProcess service, String path, Predicate<JsonNode> condition) {
        return await("the answer of " + path + " changes").until(() -> service.get(path), condition);
    }
}
