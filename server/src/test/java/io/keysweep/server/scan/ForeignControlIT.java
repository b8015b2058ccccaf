package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests that a pause or cancel takes effect if one process gets the request and another process runs the sweep. */
class ForeignControlIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 15_000;

    @TempDir
    private Path folder;

    @Test
    void pauseAndCancel_sentToEitherService_reachTheSweep() throws Exception {
        Map<String, String> variables = Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                TestService firstService = TestService.start(home, variables);
                TestService secondService =
                        TestService.start(ServiceProcess.copyHome(home, folder.resolve("other")), variables)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = firstService.register(firstService.administrator(), "shared", redis.uri());
            String scanId = create(firstService, instanceId);

            // One of the two services runs the sweep. A pause is sent to each of them, so one pause goes to the service
            // that does not run it. During the pause, a change of the pace through the other service starts no step.
            for (TestService calledService : List.of(firstService, secondService)) {
                long visited = awaitMore(firstService, scanId);
                call(calledService, "POST", scanPath(scanId) + "/pause", "{\"reason\":\"by turns\"}");
                awaitHold(firstService, scanId, /* held= */ true);
                long steps = steps(client);
                TestService otherService = calledService == firstService ? secondService : firstService;

                assertThat(get(otherService, scanId).get("hold").asString()).endsWith(": by turns");
                assertThat(call(otherService, "PATCH", scanPath(scanId), "{\"rateCeiling\":60}")
                                .get("pace")
                                .get("rateCeiling")
                                .asLong())
                        .isEqualTo(60);
                assertThat(steps(client)).isEqualTo(steps);

                call(calledService, "POST", scanPath(scanId) + "/resume", "");
                awaitHold(firstService, scanId, /* held= */ false);
                assertThat(get(firstService, scanId).get("visited").asLong()).isGreaterThanOrEqualTo(visited);
            }

            // Either service can set and release a global hold.
            for (TestService calledService : List.of(firstService, secondService)) {
                call(calledService, "PUT", "/api/v1/hold", "{\"reason\":\"everybody\"}");
                awaitHold(firstService, scanId, /* held= */ true);
                call(calledService, "DELETE", "/api/v1/hold", "");
                awaitHold(firstService, scanId, /* held= */ false);
            }

            // Either service can cancel a scan. The counts of the scans add up to the number of removed keys.
            long counted = 0;
            for (TestService calledService : List.of(firstService, secondService)) {
                awaitMore(firstService, scanId);
                call(calledService, "POST", scanPath(scanId) + "/cancel", "{\"reason\":\"turn over\"}");
                JsonNode endedScan = awaitEnd(firstService, scanId);

                assertThat(endedScan.get("failure").asString()).endsWith(": turn over");

                counted += endedScan.get("reclaimed").asLong();
                assertThat(counted).isEqualTo(LIVE + DEAD - keys.size(0));

                scanId = create(firstService, instanceId);
            }

            // The last scan reclaims the remaining keys.
            call(secondService, "PATCH", scanPath(scanId), "{\"profile\":\"full\",\"rateCeiling\":null}");
            JsonNode endedScan = awaitEnd(firstService, scanId);

            assertThat(endedScan.get("status").asString()).isEqualTo("success");
            assertThat(counted + endedScan.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    /** Creates a slow scan, and returns its id. */
    private static String create(TestService service, String instanceId) {
        return call(service, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}")
                .get("id")
                .asString();
    }

    private static JsonNode call(TestService service, String method, String path, String body) {
        return service.call(service.administrator(), method, path, body).body();
    }

    private static JsonNode get(TestService service, String scanId) {
        return call(service, "GET", scanPath(scanId), "");
    }

    private static JsonNode awaitEnd(TestService service, String scanId) {
        return await("the scan ends").until(() -> get(service, scanId), scan -> scan.has("finishedAt"));
    }

    private static String scanPath(String id) {
        return "/api/v1/scans/" + id;
    }

    /** Waits until the scan has visited more keys than now, and returns their number. */
    private static long awaitMore(TestService service, String scanId) {
        long before = get(service, scanId).get("visited").asLong();
        return awaitScan(
                        "more is visited than " + before,
                        () -> get(service, scanId),
                        scan -> scan.get("visited").asLong() > before)
                .get("visited")
                .asLong();
    }

    /** Waits until the sweep is on hold because of a pause, or no longer is. */
    private static void awaitHold(TestService service, String scanId, boolean held) {
        awaitScan(
                held ? "the sweep is on hold" : "the sweep continues",
                () -> get(service, scanId),
                scan -> scan.at("/sweeps/0/hold").asString("").matches("(paused|all projects held) by .*") == held);
    }

    /** Returns how many scripts the server has run. */
    private static long steps(RespClient client) {
        return client.callText("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval:"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst(".*calls=(\\d+),.*", "$1")))
                .sum();
    }
}
