package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
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

/** Tests that a scan continues and counts all keys when processes, workers or the database fail during a sweep. */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ScanOutageIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    /**
     * The time between heartbeats. A worker that misses four is treated as lost, so a busy machine needs a long time.
     */
    private static final String HEARTBEAT_SECONDS = "3";

    @TempDir
    private Path folder;

    @Test
    void database_restartedAndCrashed_costsNoScanAndNoCount() throws Exception {
        try (PostgresServer database = PostgresServer.start(Map.of());
                RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                TestService service = TestService.start(
                        folder,
                        Map.of(
                                "KEYSWEEP_DATABASE_URL",
                                database.newDatabase(),
                                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                                HEARTBEAT_SECONDS))) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String scan = create(service, redis);

            // The scan continues after an orderly restart and after a crash of the database.
            for (Runnable outage : List.<Runnable>of(database::restart, database::crash)) {
                awaitMore(service, scan);
                outage.run();
            }
            awaitMore(service, scan);

            // At full pace, it reclaims all dead keys and counts them once.
            service.call(service.administrator(), "PATCH", scan, "{\"profile\":\"full\",\"rateCeiling\":null}");
            JsonNode endedScan = awaitEnd(service, scan);
            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(endedScan.get("exact").asBoolean()).isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    /** The count includes the keys of the killed worker since its last checkpoint, although no sweep continues. */
    @Test
    void scan_cancelledAfterItsWorkerWasKilled_countsWhatTheWorkerHadReclaimed() throws Exception {
        Map<String, String> variables = new HashMap<>(Map.of(
                "KEYSWEEP_DATABASE_URL",
                TestDatabase.postgresUrl(),
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                HEARTBEAT_SECONDS));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess worker = ServiceProcess.start(Files.createDirectory(folder.resolve("one")), variables)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            Path home = ServiceProcess.copyHome(worker.home(), folder.resolve("two"));
            variables.put("KEYSWEEP_ROLES", "api");
            try (TestService api = TestService.start(home, variables)) {
                String scan = create(api, redis);
                awaitMore(api, scan);

                // The worker is killed, and the scan is cancelled before another worker starts.
                worker.kill();
                api.call(api.administrator(), "POST", scan + "/cancel", "{}");
                worker.restart();
                JsonNode endedScan = awaitEnd(api, scan);

                assertThat(endedScan.get("failure").asString()).startsWith("Cancelled by");
                assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
                assertThat(endedScan.get("exact").asBoolean()).isTrue();
            }
        }
    }

    /** Creates a slow scan and returns its path. */
    private static String create(TestService service, RedisServer redis) {
        String instanceId = service.register(service.administrator(), "outage", redis.uri());
        String body = "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}";
        return service.call(service.administrator(), "POST", "/api/v1/scans", body)
                .header("Location");
    }

    /** Waits until more keys are visited than now; a service without its database answers with an error meanwhile. */
    private static void awaitMore(TestService service, String scan) {
        long before = visited(
                awaitScan("the scan reports its progress", () -> get(service, scan), view -> visited(view) >= 0));
        awaitScan("more is visited than " + before, () -> get(service, scan), view -> visited(view) > before);
    }

    private static long visited(JsonNode view) {
        return view.path("visited").asLong(-1);
    }

    private static JsonNode awaitEnd(TestService service, String scan) {
        return await("the scan ends").until(() -> get(service, scan), view -> view.has("finishedAt"));
    }

    private static JsonNode get(TestService service, String scan) {
        return service.call(service.administrator(), "GET", scan, "").body();
    }
}
