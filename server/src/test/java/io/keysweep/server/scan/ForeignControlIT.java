package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
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

/** Checks with two processes on one PostgreSQL that a request to either reaches the sweep, whichever runs it. */
class ForeignControlIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 15_000;

    @TempDir
    private Path folder;

    @Test
    void pauseAndCancel_askedOfEitherProcess_reachTheSweep() throws Exception {
        Map<String, String> variables = Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl());
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                ServiceProcess one = ServiceProcess.start(home, variables);
                ServiceProcess other =
                        ServiceProcess.start(ServiceProcess.sibling(home, folder.resolve("other")), variables)) {
            KeySpace keys = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            String instanceId = one.register("shared", redis.uri());
            String scanId = create(one, instanceId);
            // One process runs the sweep, so one of the two requests comes through the other.
            for (ServiceProcess asked : List.of(one, other)) {
                long visited = awaitMore(one, scanId);
                asked.call("POST", scan(scanId) + "/pause", "{\"reason\":\"by turns\"}");
                awaitHold(one, scanId, true);
                long steps = steps(client);
                ServiceProcess next = asked == one ? other : one;
                assertThat(next.get(scan(scanId)).get("hold").asString()).endsWith(": by turns");
                assertThat(next.call("PATCH", scan(scanId), "{\"rateCeiling\":60}")
                                .get("pace")
                                .get("rateCeiling")
                                .asLong())
                        .isEqualTo(60);
                assertThat(steps(client)).isEqualTo(steps);
                asked.call("POST", scan(scanId) + "/resume", "");
                awaitHold(one, scanId, false);
                assertThat(one.get(scan(scanId)).get("visited").asLong()).isGreaterThanOrEqualTo(visited);
            }
            for (ServiceProcess asked : List.of(one, other)) {
                asked.call("PUT", "/api/v1/hold", "{\"reason\":\"everybody\"}");
                awaitHold(one, scanId, true);
                asked.call("DELETE", "/api/v1/hold", "");
                awaitHold(one, scanId, false);
            }
            long counted = 0;
            for (ServiceProcess asked : List.of(one, other)) {
                awaitMore(one, scanId);
                asked.call("POST", scan(scanId) + "/cancel", "{\"reason\":\"turn over\"}");
                JsonNode ended = one.awaitEnd(scanId);
                assertThat(ended.get("failure").asString()).endsWith(": turn over");
                counted += ended.get("reclaimed").asLong();
                assertThat(counted).isEqualTo(LIVE + DEAD - keys.size(0));
                scanId = create(one, instanceId);
            }
            other.call("PATCH", scan(scanId), "{\"profile\":\"full\",\"rateCeiling\":null}");
            JsonNode ended = one.awaitEnd(scanId);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(counted + ended.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(keys.size(0)).isEqualTo(LIVE);
        }
    }

    private static String create(ServiceProcess service, String instanceId) {
        return service.call("POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}")
                .get("id")
                .asString();
    }

    private static String scan(String id) {
        return "/api/v1/scans/" + id;
    }

    /** Waits until more keys are visited than now, and returns the number. */
    private static long awaitMore(ServiceProcess service, String scanId) {
        long before = service.get(scan(scanId)).get("visited").asLong();
        return awaitScan(
                        "more is visited than " + before,
                        () -> service.get(scan(scanId)),
                        scan -> scan.get("visited").asLong() > before)
                .get("visited")
                .asLong();
    }

    /** Waits until the sweep itself is on hold because of a pause, or is not any more. */
    private static void awaitHold(ServiceProcess service, String scanId, boolean held) {
        awaitScan(
                held ? "the sweep is on hold" : "the sweep goes on",
                () -> service.get(scan(scanId)),
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
