package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.Waits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Checks with two processes and a real server that the timeline keeps who did what to a scan, why and when, although
 * the worker of the scan is killed.
 */
@Order(1)
class ScanTimelineIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 15_000;

    @TempDir
    private Path folder;

    @Test
    void timeline_ofAScanThatMuchHappensTo_isCompleteInApiAndConsole() throws Exception {
        Map<String, String> variables =
                Map.of("KEYSWEEP_DATABASE_URL", TestDatabase.postgresUrl(), "KEYSWEEP_WORKER_HEARTBEAT_SECONDS", "1");
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess one = ServiceProcess.start(home, variables);
                ServiceProcess other =
                        ServiceProcess.start(ServiceProcess.sibling(home, folder.resolve("other")), variables)) {
            KeySpace keys =
                    KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD / 3).plant(3, 0, 2 * DEAD / 3);
            String instanceId = one.register("eventful", redis.uri());
            String path = "/api/v1/scans/"
                    + one.call("POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":60}")
                            .get("id")
                            .asString();
            awaitScan(one, path, scan -> scan.get("visited").asLong() > 0);
            String runner = runner(one, path);
            boolean oneRuns = runner.contains("-" + one.pid() + "-");
            ServiceProcess victim = oneRuns ? one : other;
            ServiceProcess survivor = oneRuns ? other : one;

            survivor.call("POST", path + "/pause", "{\"reason\":\"nightly backup\"}");
            awaitScan(
                    survivor,
                    path,
                    scan -> scan.at("/sweeps/0/hold").asString("").contains("nightly backup"));
            assertThat(survivor.get(path).get("state").asString()).isEqualTo("paused");
            assertThat(survivor.get(path).get("status").asString()).isEqualTo("running");
            survivor.call("POST", path + "/resume", "{\"reason\":\"backup is done\"}");
            survivor.call("PATCH", path, "{\"rateCeiling\":50,\"reason\":\"slower\"}");
            survivor.call("PATCH", path, "{\"profile\":\"balanced\",\"rateCeiling\":60,\"reason\":\"faster\"}");
            survivor.call("PUT", "/api/v1/hold", "{\"reason\":\"incident 7\"}");
            awaitScan(
                    survivor,
                    path,
                    scan -> scan.at("/sweeps/0/hold").asString("").contains("incident 7"));
            assertThat(survivor.get(path).get("state").asString()).isEqualTo("held");
            assertThat(survivor.get(path).get("hold").asString()).startsWith("all projects held by ");
            survivor.call("DELETE", "/api/v1/hold", "");
            awaitScan(survivor, path, scan -> scan.get("state").asString().equals("running"));

            victim.kill();
            awaitScan(survivor, path, scan -> scan.at("/sweeps/0/runs").asInt() > 1);
            long taken = visited(survivor, path);
            awaitScan(survivor, path, scan -> scan.get("visited").asLong() > taken);
            survivor.call("POST", path + "/cancel", "{\"reason\":\"enough\"}");
            JsonNode scan = survivor.awaitEnd(path.substring(path.lastIndexOf('/') + 1));

            JsonNode timeline = survivor.get(path + "/timeline");
            Credentials admin = credentials(survivor.home());
            assertThat(timeline.get("omitted").asInt()).isZero();
            assertThat(lines(timeline))
                    .containsSubsequence(
                            "created by " + admin.accessKey(),
                            "started by worker " + runner,
                            "paused by " + admin.accessKey() + ": nightly backup",
                            "resumed by " + admin.accessKey() + ": backup is done",
                            "tuned by " + admin.accessKey() + " at most 50 keys/s: slower",
                            "tuned by " + admin.accessKey() + " profile balanced, at most 60 keys/s: faster",
                            "held by " + admin.accessKey() + ": incident 7",
                            "released by " + admin.accessKey(),
                            "cancelled by " + admin.accessKey() + ": enough");
            assertThat(lines(timeline))
                    .anyMatch(event -> event.startsWith("interrupted by worker " + runner + ": the worker was lost"))
                    .anyMatch(event ->
                            event.startsWith("taken-over by worker ") && event.endsWith(" from worker " + runner))
                    .last()
                    .asString()
                    .startsWith("ended by worker ")
                    .endsWith(": Cancelled by " + admin.accessKey() + ": enough");
            assertThat(timeline.get("events").valueStream())
                    .filteredOn(event -> List.of("paused", "held", "slowed", "node-lost")
                            .contains(event.get("type").asString()))
                    .allMatch(event -> event.has("until"));
            // The counts by database go on over runs, and nothing is counted twice.
            assertThat(sum(scan, "reclaimed"))
                    .isEqualTo(scan.get("reclaimed").asLong())
                    .isEqualTo(LIVE + DEAD - keys.size(0) - keys.size(3));
            assertThat(sum(scan, "visited")).isEqualTo(scan.get("visited").asLong());
            assertThat(scan.at("/databases/0/keysBefore").asLong()).isEqualTo(LIVE + DEAD / 3);
            assertThat(scan.at("/databases/1/db").asInt()).isEqualTo(3);
            assertThat(scan.at("/databases/1/keysAfter").asLong()).isEqualTo(keys.size(3));

            ConsoleClient console = new ConsoleClient(survivor.endpoint());
            console.signIn(admin);
            String page =
                    console.get("/console/scans/" + scan.get("id").asString()).body();
            assertThat(page)
                    .contains(
                            "nightly backup",
                            "backup is done",
                            "slower",
                            "faster",
                            "all projects · incident 7",
                            "taken over",
                            "from worker " + runner)
                    .doesNotContain("Nobody has");
        }
    }

    private static long visited(ServiceProcess service, String path) {
        return service.get(path).get("visited").asLong();
    }

    /** Returns the id of the worker that runs the scan. */
    private static String runner(ServiceProcess service, String path) {
        return service.get("/api/v1/workers")
                .valueStream()
                .filter(worker -> worker.get("sweeps")
                        .findValuesAsString("scanId")
                        .contains(path.substring(path.lastIndexOf('/') + 1)))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asString();
    }

    private static void awaitScan(ServiceProcess service, String path, Predicate<JsonNode> condition) {
        Waits.awaitScan("the scan changes", () -> service.get(path), condition);
    }

    /** Returns each event as {@code TYPE by WHO DETAIL: WHY}. */
    private static List<String> lines(JsonNode timeline) {
        return timeline.get("events")
                .valueStream()
                .map(event -> event.get("type").asString()
                        + (event.has("by") ? " by " + event.get("by").asString() : "")
                        + (event.has("detail") ? " " + event.get("detail").asString() : "")
                        + (event.has("why") ? ": " + event.get("why").asString() : ""))
                .toList();
    }

    private static long sum(JsonNode scan, String field) {
        return scan.get("databases")
                .valueStream()
                .mapToLong(database -> database.get(field).asLong())
                .sum();
    }

    private static Credentials credentials(Path home) throws IOException {
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(home.resolve("credentials"))) {
            properties.load(file);
        }
        return new Credentials(
                properties.getProperty("project_id"),
                properties.getProperty("access_key"),
                properties.getProperty("secret_key"));
    }
}
