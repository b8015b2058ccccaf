package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.PostgresServer;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Checks that a scan continues and counts everything when processes, workers or the database fail during a sweep. */
@Order(1)
class DatabaseOutageIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /** A worker counts as lost after four of them, which a busy machine must not let a living one miss. */
    private static final String HEARTBEAT_SECONDS = "3";

    @TempDir
    private Path folder;

    @Test
    void database_restartedAndCrashed_costsNoScanAndNoCount() throws Exception {
        try (PostgresServer database = PostgresServer.start(Map.of());
                RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service = ServiceProcess.start(
                        folder,
                        Map.of(
                                "KEYSWEEP_DATABASE_URL",
                                database.newDatabase(),
                                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                                HEARTBEAT_SECONDS))) {
            KeySpace keys = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            String scanId = create(service, service.register("outage", redis.uri()));
            for (Runnable outage : List.<Runnable>of(database::restart, database::crash)) {
                awaitMore(service, scanId);
                outage.run();
            }
            awaitMore(service, scanId);
            service.call("PATCH", "/api/v1/scans/" + scanId, "{\"profile\":\"full\",\"rateCeiling\":null}");
            JsonNode ended = service.awaitEnd(scanId);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(ended.get("exact").asBoolean()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    /** Keys that the worker has reclaimed between its last checkpoint and the kill are counted, although no sweep continues. */
    @Test
    void scan_cancelledAfterItsWorkerWasKilled_countsWhatTheWorkerHadReclaimed() throws Exception {
        Map<String, String> variables = new HashMap<>(Map.of(
                "KEYSWEEP_DATABASE_URL",
                TestDatabase.postgresUrl(),
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                HEARTBEAT_SECONDS));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess one = ServiceProcess.start(Files.createDirectory(folder.resolve("one")), variables)) {
            KeySpace keys = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            String instanceId = one.register("killed", redis.uri());
            variables.put("KEYSWEEP_ROLES", "api");
            Path home = ServiceProcess.sibling(one.home(), folder.resolve("two"));
            try (ServiceProcess two = ServiceProcess.start(home, variables)) {
                String scanId = create(one, instanceId);
                awaitMore(two, scanId);
                one.kill();
                two.call("POST", "/api/v1/scans/" + scanId + "/cancel", "{}");
                one.restart();
                JsonNode ended = two.awaitEnd(scanId);
                assertThat(ended.get("failure").asString()).startsWith("Cancelled by");
                assertThat(ended.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
                assertThat(ended.get("exact").asBoolean()).isTrue();
            }
        }
    }

    private static String create(ServiceProcess service, String instanceId) {
        return service.call("POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}")
                .get("id")
                .asString();
    }

    /** Waits until more keys are visited than now; a service without its database answers with an error meanwhile. */
    private static void awaitMore(ServiceProcess service, String scanId) {
        String path = "/api/v1/scans/" + scanId;
        long before = awaitScan("the scan reports its progress", () -> service.get(path), scan -> visited(scan) >= 0)
                .get("visited")
                .asLong();
        awaitScan("more is visited than " + before, () -> service.get(path), scan -> visited(scan) > before);
    }

    private static long visited(JsonNode scan) {
        return scan.path("visited").asLong(-1);
    }
}
