package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.console.ConsoleClient;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.ServiceProcess;
import io.keysweep.testkit.Waits;
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
 * Tests that the timeline of a scan records who did what, when and why.
 *
 * <p>Two services share a database. The process that runs the scan is killed in the middle, and the other continues.
 */
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
class ScanTimelineIT {

    private static final int LIVE = 30_000;
    private static final int DEAD = 15_000;

    @TempDir
    private Path folder;

    @Test
    void timeline_ofAScanWithManyEvents_isCompleteInApiAndConsole() throws Exception {
        Map<String, String> variables = Map.of(
                "KEYSWEEP_DATABASE_URL",
                TestDatabase.postgresUrl(),
                // A worker that misses four heartbeats is treated as lost, so a busy machine needs long intervals.
                "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                "3");
        Path home = Files.createDirectory(folder.resolve("one"));
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess victim = ServiceProcess.start(home, variables)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client())
                    .plant(/* db= */ 0, LIVE, DEAD / 3)
                    .plant(/* db= */ 3, /* live= */ 0, 2 * DEAD / 3);
            String instanceId = victim.register("eventful", redis.uri());
            String path = "/api/v1/scans/"
                    + victim.call("POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":60}")
                            .get("id")
                            .asString();

            // The other service starts once the scan runs in the process.
            Waits.awaitScan(
                    "the scan runs",
                    () -> victim.get(path),
                    scan -> scan.get("visited").asLong() > 0);
            try (TestService survivor =
                    TestService.start(ServiceProcess.copyHome(home, folder.resolve("other")), variables)) {
                assertTimeline(victim, survivor, path, keys);
            }
        }
    }

    /** Does something to the scan for each kind of event, and checks that the timeline and the console show it. */
    private static void assertTimeline(ServiceProcess victim, TestService survivor, String path, KeySpace keys)
            throws Exception {
        // The process that will be killed runs the scan.
        String runner = runner(survivor, path);
        assertThat(runner).contains("-" + victim.pid() + "-");

        // A user pauses and resumes the scan, changes its pace twice, and sets and releases a global hold.
        call(survivor, "POST", path + "/pause", "{\"reason\":\"nightly backup\"}");
        awaitScan(survivor, path, scan -> scan.at("/sweeps/0/hold").asString("").contains("nightly backup"));
        assertThat(get(survivor, path).get("state").asString()).isEqualTo("paused");
        assertThat(get(survivor, path).get("status").asString()).isEqualTo("running");

        call(survivor, "POST", path + "/resume", "{\"reason\":\"backup is done\"}");
        call(survivor, "PATCH", path, "{\"rateCeiling\":50,\"reason\":\"slower\"}");
        call(survivor, "PATCH", path, "{\"profile\":\"balanced\",\"rateCeiling\":60,\"reason\":\"faster\"}");

        // An operator holds all projects for a while.
        call(survivor, "PUT", "/api/v1/hold", "{\"reason\":\"incident 7\"}");
        awaitScan(survivor, path, scan -> scan.at("/sweeps/0/hold").asString("").contains("incident 7"));
        assertThat(get(survivor, path).get("state").asString()).isEqualTo("held");
        assertThat(get(survivor, path).get("hold").asString()).startsWith("all projects held by ");
        call(survivor, "DELETE", "/api/v1/hold", "");
        awaitScan(survivor, path, scan -> scan.get("state").asString().equals("running"));

        // The surviving process takes the sweep over, and a user cancels the scan.
        victim.kill();
        awaitScan(survivor, path, scan -> scan.at("/sweeps/0/runs").asInt() > 1);
        long visitedAtTakeover = visited(survivor, path);
        awaitScan(survivor, path, scan -> scan.get("visited").asLong() > visitedAtTakeover);
        call(survivor, "POST", path + "/cancel", "{\"reason\":\"enough\"}");
        JsonNode scan = awaitScan(survivor, path, view -> view.has("finishedAt"));

        // The timeline has all these events.
        JsonNode timeline = get(survivor, path + "/timeline");
        Credentials admin = survivor.administrator();
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

        // The sweep was interrupted and taken over. The last event is the end of the scan.
        assertThat(lines(timeline))
                .anyMatch(event -> event.startsWith("interrupted by worker " + runner + ": the worker was lost"))
                .anyMatch(
                        event -> event.startsWith("taken-over by worker ") && event.endsWith(" from worker " + runner))
                .last()
                .asString()
                .startsWith("ended by worker ")
                .endsWith(": Cancelled by " + admin.accessKey() + ": enough");

        // Each event that lasts for a while has an end.
        assertThat(timeline.get("events").valueStream())
                .filteredOn(event -> List.of("paused", "held", "slowed", "node-lost")
                        .contains(event.get("type").asString()))
                .allMatch(event -> event.has("until"));

        // The counts by database continue over all runs, and no key is counted twice.
        assertThat(sum(scan, "reclaimed"))
                .isEqualTo(scan.get("reclaimed").asLong())
                .isEqualTo(LIVE + DEAD - keys.size(0) - keys.size(3));
        assertThat(sum(scan, "visited")).isEqualTo(scan.get("visited").asLong());
        assertThat(scan.at("/databases/0/keysBefore").asLong()).isEqualTo(LIVE + DEAD / 3);
        assertThat(scan.at("/databases/1/db").asInt()).isEqualTo(3);
        assertThat(scan.at("/databases/1/keysAfter").asLong()).isEqualTo(keys.size(3));

        // The console shows the same events.
        ConsoleClient console = new ConsoleClient(survivor.endpoint());
        console.signIn(admin);
        String page = console.get("/console/scans/" + scan.get("id").asString()).body();

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

    private static long visited(TestService service, String path) {
        return get(service, path).get("visited").asLong();
    }

    /** Returns the id of the worker that runs the scan. */
    private static String runner(TestService service, String path) {
        return get(service, "/api/v1/workers")
                .valueStream()
                .filter(worker -> worker.get("sweeps")
                        .findValuesAsString("scanId")
                        .contains(path.substring(path.lastIndexOf('/') + 1)))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asString();
    }

    private static JsonNode awaitScan(TestService service, String path, Predicate<JsonNode> condition) {
        return Waits.awaitScan("the scan changes", () -> get(service, path), condition);
    }

    private static JsonNode get(TestService service, String path) {
        return call(service, "GET", path, "");
    }

    private static JsonNode call(TestService service, String method, String path, String body) {
        return service.call(service.administrator(), method, path, body).body();
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

    /** Returns the sum of a count over all databases. */
    private static long sum(JsonNode scan, String field) {
        return scan.get("databases")
                .valueStream()
                .mapToLong(database -> database.get(field).asLong())
                .sum();
    }
}
