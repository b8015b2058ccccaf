package io.keysweep.server.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysweep.server.ServiceProcess;
import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two service processes on one PostgreSQL with a budget of one sweep; the one that runs it is killed. */
class WorkersIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    @TempDir
    private Path folder;

    @Test
    void killedWorker_isMissed_andItsSweepGoesOnElsewhereWithItsPermit() throws Exception {
        Map<String, String> variables = Map.of(
                "KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl(),
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1",
                "KEYSWEEP_BUDGET_SWEEPS", "1");
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RedisServer other = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess one = ServiceProcess.start(home, variables);
                ServiceProcess two = ServiceProcess.start(sibling(home), variables)) {
            KeySpace keys = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            KeySpace.frozen(other.client()).plant(0, 100, 50);
            String instanceId = one.register("first", redis.uri());
            String first = create(one, instanceId, 2000);
            awaitThat(one, "/api/v1/scans/" + first, scan -> scan.get("visited").asLong() > 0);
            String second = create(one, one.register("second", other.uri()), 1_000_000);
            awaitThat(
                    one,
                    "/api/v1/scans/" + second,
                    scan -> scan.path("hold").asString("").equals("waits for its budget: 1 of 1 sweeps run in all"));

            JsonNode workers = one.get("/api/v1/workers");
            assertThat(workers.findValuesAsString("status")).containsExactly("alive", "alive");
            assertThat(workers.get(0).get("roles").toString()).isEqualTo("[\"api\",\"console\",\"worker\"]");
            JsonNode runner = running(workers, first);
            JsonNode sweep = runner.get("sweeps").get(0);
            assertThat(sweep.get("instanceId").asString()).isEqualTo(instanceId);
            assertThat(sweep.get("nodeId").asString()).isEqualTo("127.0.0.1:" + redis.port());
            ServiceProcess killed = runner.get("pid").asLong() == one.pid() ? one : two;
            ServiceProcess heir = killed == one ? two : one;
            assertThat(List.of(one.pid(), two.pid())).contains(runner.get("pid").asLong());
            killed.kill();
            String deadId = runner.get("id").asString();
            awaitThat(
                    heir,
                    "/api/v1/workers",
                    found -> worker(found, deadId).get("status").asString().equals("missed"));
            awaitThat(
                    heir,
                    "/api/v1/workers",
                    found -> found.findValuesAsString("scanId").contains(first)
                            && !running(found, first).get("id").asString().equals(deadId));
            assertThat(heir.get("/api/v1/scans/" + second).has("hold")).isTrue();
            heir.call("PATCH", "/api/v1/scans/" + first, "{\"rateCeiling\":null,\"profile\":\"full\"}");
            assertThat(heir.awaitEnd(first).get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
            assertThat(heir.awaitEnd(second).get("reclaimed").asLong()).isEqualTo(50);

            killed.restart();
            awaitThat(heir, "/api/v1/workers", found -> found.size() == 3);
            assertThat(killed.terminate()).isZero();
            awaitThat(heir, "/api/v1/workers", found -> found.size() == 2);
            assertThat(heir.get("/api/v1/workers").findValuesAsString("id")).contains(deadId);
        }
    }

    /** The home of a second process on the same database: it needs the same master key. */
    private Path sibling(Path home) throws Exception {
        Path sibling = Files.createDirectory(folder.resolve("other"));
        for (String file : List.of("master.key", "credentials")) {
            Files.copy(home.resolve(file), sibling.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return sibling;
    }

    private static String create(ServiceProcess service, String instanceId, int rate) {
        return service.call(
                        "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":" + rate + "}")
                .get("id")
                .asString();
    }

    /** The process that runs a scan. */
    private static JsonNode running(JsonNode workers, String scanId) {
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
        return await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> service.get(path), condition);
    }
}
