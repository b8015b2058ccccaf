package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.ClusterKeys;
import io.keysweep.testkit.RedisCluster;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests holds, pause, cancel and changes of pace of the scan of a cluster.
 *
 * <p>A round is a set of sweeps that is planned together, one for each primary.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterControlIT {

    private static final int PRIMARIES = 3;

    /** The number of live keys on each primary. */
    private static final int LIVE = 4_000;

    /** The number of dead keys on each primary. */
    private static final int DEAD = 2_000;

    private RedisCluster cluster;
    private TestService service;
    private Credentials key;
    private String scanPath = "";

    @BeforeAll
    void start(@TempDir Path home) {
        service = TestService.start(home, Map.of());
        key = service.administrator();
    }

    @BeforeEach
    void startCluster() {
        cluster = RedisCluster.start(RedisVersion.REDIS_7_0, PRIMARIES, /* replicas= */ 0);
        ClusterKeys.plant(cluster, LIVE, DEAD);
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void hold_beforeTheFirstRoundAndPauseInIt_loseNoKey() {
        // During the global hold, the first round is not planned.
        service.call(key, "PUT", "/api/v1/hold", "{\"reason\":\"freeze\"}");
        create();
        await("the scan waits before its first round")
                .until(() -> scan().get("pause").get("scope").asString().equals("all"));

        assertThat(scan().get("status").asString()).isEqualTo("waiting");
        assertThat(scan().get("sweeps")).isEmpty();

        // After the release, the sweep of a primary begins, and the scan is paused.
        service.call(key, "DELETE", "/api/v1/hold", "");
        awaitScan(
                "the sweep of a primary has begun",
                this::scan,
                scan -> scan.get("visited").asLong() > 0);
        service.call(key, "POST", scanPath + "/pause", "{\"reason\":\"look\"}");
        awaitScan(
                "its sweep is on hold",
                this::scan,
                scan -> scan.get("sweeps")
                        .valueStream()
                        .anyMatch(sweep -> sweep.path("hold").asString("").endsWith(": look")));

        // The scan is resumed at full pace, and sweeps all three primaries.
        service.call(key, "PATCH", scanPath, "{\"profile\":\"full\",\"rateCeiling\":null}");
        service.call(key, "POST", scanPath + "/resume", "");
        awaitEnd();

        assertThat(scan().get("status").asString()).isEqualTo("success");
        assertThat(scan().get("reclaimed").asLong()).isEqualTo(PRIMARIES * DEAD);
        assertThat(scan().get("sweeps")
                        .valueStream()
                        .map(sweep -> sweep.get("slots").asString()))
                .hasSize(PRIMARIES)
                .contains("0-5460");
        assertThat(ClusterKeys.count(cluster)).isEqualTo(PRIMARIES * LIVE);
    }

    @Test
    void cancel_inTheFirstRound_endsAllItsSweeps() {
        create();
        awaitScan(
                "the sweep of a primary has begun",
                this::scan,
                scan -> scan.get("reclaimed").asLong() > 0);

        service.call(key, "POST", scanPath + "/cancel", "{\"reason\":\"enough\"}");
        awaitEnd();

        assertThat(scan().get("status").asString()).isEqualTo("failed");
        assertThat(scan().get("failure").asString()).isEqualTo("Cancelled by " + key.accessKey() + ": enough");
        assertThat(scan().get("sweeps")
                        .valueStream()
                        .allMatch(sweep -> sweep.get("finished").asBoolean()))
                .isTrue();
        assertThat(scan().get("reclaimed").asLong())
                .isPositive()
                .isEqualTo(PRIMARIES * (LIVE + DEAD) - ClusterKeys.count(cluster));
    }

    /** Creates a slow scan of the cluster. */
    private void create() {
        String instanceId = service.register(
                key,
                "cluster-" + cluster.nodes().getFirst().port(),
                "redis-cluster://127.0.0.1:" + cluster.nodes().getFirst().port());
        Answer created = service.call(
                key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":50}");

        assertThat(created.status()).isEqualTo(201);
        scanPath = created.header("Location");
    }

    private JsonNode scan() {
        return service.call(key, "GET", scanPath, "").body();
    }

    private void awaitEnd() {
        await("the scan ends").until(() -> scan().has("finishedAt"));
    }
}
