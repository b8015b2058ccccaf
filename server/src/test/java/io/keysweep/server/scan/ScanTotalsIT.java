package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Tests the totals of a scan of a real server by database, and across a restart of the server. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScanTotalsIT {

    private TestService service;
    private Credentials key;
    private RedisServer redis;
    private RespClient client;
    private KeySpace keys;

    @BeforeAll
    void startService(SharedServices services) {
        service = services.h2();
        key = service.newAdministrator("totals");
    }

    @BeforeEach
    void startServer() {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        client = redis.client();
        keys = KeySpace.withExpiryOff(redis.client());
    }

    @AfterEach
    void stopServer() {
        client.close();
        redis.close();
    }

    @Test
    void scan_ofThreeDatabases_hasTheCountsOfEachDatabase() {
        keys.plant(/* db= */ 0, /* live= */ 400, /* dead= */ 300)
                .plantWithoutTtl(/* db= */ 3, /* count= */ 200)
                .plant(/* db= */ 9, /* live= */ 0, /* dead= */ 500);

        JsonNode scan = awaitEnd(create("several", /* rate= */ 0));

        // Each database has its keys before and after the scan, and its reclaimed keys.
        assertThat(databases(scan)).containsExactly("0: 700 -> 400, 300", "3: 200 -> 200, 0", "9: 500 -> 0, 500");
        assertThat(sum(scan, "visited")).isEqualTo(scan.get("visited").asLong());
        assertThat(sum(scan, "reclaimed"))
                .isEqualTo(scan.get("reclaimed").asLong())
                .isEqualTo(300 + 500);

        // In database 0, the dead keys and one live key have a TTL. No key in database 3 has one, so it was not
        // visited.
        assertThat(scan.at("/databases/0/expiresBefore").asLong()).isEqualTo(301);
        assertThat(scan.at("/databases/0/expiresAfter").asLong()).isEqualTo(1);
        assertThat(scan.at("/databases/0/coverage").asString()).isEqualTo("VISITED");
        assertThat(scan.at("/databases/1/coverage").asString()).isEqualTo("NO_TTL");
        assertThat(scan.at("/databases/1/visited").asLong()).isZero();
        assertThat(scan.get("fraction").asDouble()).isEqualTo(1);
        assertThat(scan.at("/sweeps/0/databases")).isEqualTo(scan.get("databases"));
    }

    @Test
    void countsOfDatabases_thatAreSwappedInTheMiddle_addUpToTheCountsOfTheScan() {
        int liveIn0 = 6_000;
        int deadIn0 = 2_000;
        int liveIn3 = 100;
        int deadIn3 = 1_000;
        keys.plant(/* db= */ 0, liveIn0, deadIn0).plant(/* db= */ 3, liveIn3, deadIn3);
        String path = create("swapped", /* rate= */ 50);
        awaitScan("the scan runs", () -> scan(path), scan -> scan.get("visited").asLong() > 0);

        // A client swaps the two databases while the scan runs.
        client.call("SWAPDB", "0", "3");
        service.call(key, "PATCH", path, "{\"profile\":\"full\",\"rateCeiling\":null}");
        JsonNode scan = awaitEnd(path);

        assertThat(scan.path("failure").asString("")).isEmpty();
        assertThat(sum(scan, "reclaimed"))
                .isEqualTo(scan.get("reclaimed").asLong())
                .isEqualTo(deadIn0 + deadIn3);
        assertThat(sum(scan, "visited")).isEqualTo(scan.get("visited").asLong());
        assertThat(scan.at("/databases/0/keysBefore").asLong()).isEqualTo(liveIn0 + deadIn0);

        // After the swap, database 0 has the keys of database 3, and the other way round.
        assertThat(scan.at("/databases/0/keysAfter").asLong()).isEqualTo(liveIn3);
        assertThat(scan.at("/databases/1/keysAfter").asLong()).isEqualTo(liveIn0);
        assertThat(service.call(key, "GET", path + "/timeline", "").body().findValuesAsString("why"))
                .anyMatch(why -> why.contains("SWAPDB"));
    }

    @Test
    void memory_afterARestartOfTheServer_isNotCompared() {
        keys.plant(/* db= */ 0, /* live= */ 6_000, /* dead= */ 2_000);
        String path = create("restarted", /* rate= */ 50);
        awaitScan("the scan runs", () -> scan(path), scan -> scan.get("visited").asLong() > 0);
        service.call(key, "POST", path + "/pause", "");
        awaitScan(
                "the sweep is on hold",
                () -> scan(path),
                scan -> scan.at("/sweeps/0/hold").asString("").startsWith("paused"));

        // The server restarts during the pause. Another process then has other memory.
        redis.kill();
        redis.restart();
        service.call(key, "PATCH", path, "{\"profile\":\"full\",\"rateCeiling\":null}");
        service.call(key, "POST", path + "/resume", "");
        JsonNode scan = awaitEnd(path);

        assertThat(scan.path("failure").asString("")).isEmpty();
        assertThat(scan.get("usedMemoryBefore").asLong()).isPositive();
        assertThat(scan.has("usedMemoryAfter")).isFalse();
        assertThat(scan.get("memory").has("rssAfter")).isFalse();
        assertThat(scan.at("/memory/note").asString("")).contains("another one since a failover or a restart");
        assertThat(service.call(key, "GET", path + "/timeline", "").body().findValuesAsString("type"))
                .contains("node-lost", "restarted");
    }

    /** Creates a scan with a rate ceiling in keys per second, 0 for none, and returns its path. */
    private String create(String name, int rate) {
        String instanceId = service.register(key, name, redis.uri());
        String pace = rate == 0 ? "" : ",\"rateCeiling\":" + rate;
        return service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"" + pace + "}")
                .header("Location");
    }

    private JsonNode scan(String path) {
        return service.call(key, "GET", path, "").body();
    }

    private JsonNode awaitEnd(String path) {
        return await("the scan ends").until(() -> scan(path), scan -> scan.has("finishedAt"));
    }

    /** Returns each database as {@code DB: BEFORE -> AFTER, RECLAIMED}. */
    private static List<String> databases(JsonNode scan) {
        return scan.get("databases")
                .valueStream()
                .map(database -> database.get("db").asInt() + ": "
                        + database.get("keysBefore").asLong() + " -> "
                        + database.get("keysAfter").asLong() + ", "
                        + database.get("reclaimed").asLong())
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
