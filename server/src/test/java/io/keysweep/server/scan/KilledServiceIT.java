package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static io.keysweep.testkit.Waits.awaitScan;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestDatabase;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.ServiceProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks that a service process that is killed with -9 or stopped in the middle of a sweep loses no count. */
@Order(1)
class KilledServiceIT {

    private static final int LIVE = 70_000;
    private static final int DEAD = 30_000;

    /** Keys a second, so that a sweep lasts 100 s unless it is tuned, however late a busy machine kills the service. */
    private static final int RATE = 1_000;

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void kill_twiceInASweep_stillCountsExactly(String dialect) throws Exception {
        Map<String, String> variables = dialect.equals("h2")
                ? Map.of()
                : Map.of(
                        "KEYSWEEP_DATABASE_URL",
                        TestDatabase.postgresUrl(),
                        // db-scheduler takes a worker for dead after four missed heartbeats. A living one must not miss
                        // them on a busy machine, since that would be another run.
                        "KEYSWEEP_WORKER_HEARTBEAT_SECONDS",
                        "3");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service = ServiceProcess.start(home, variables)) {
            KeySpace keySpace = KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            String scanId = create(service, "kill", redis);
            for (double reached : new double[] {0.05, 0.1}) {
                awaitFraction(service, scanId, reached);
                service.kill();
                service.restart();
            }
            lift(service, scanId);
            JsonNode ended = service.awaitEnd(scanId);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("reclaimed").asLong()).isEqualTo(DEAD);
            assertThat(ended.get("exact").asBoolean()).isTrue();
            assertThat(keySpace.size(0)).isEqualTo(LIVE);
            JsonNode sweep = ended.get("sweeps").get(0);
            assertThat(sweep.get("runs").asInt()).isEqualTo(3);
            assertThat(sweep.get("interruptions").values())
                    .hasSize(2)
                    .allMatch(broken -> broken.get("reason").asString().contains("lost without notice"));
            assertThat(sweep.get("memory").get("keysBefore").asLong()).isEqualTo(LIVE + DEAD);
            assertThat(sweep.get("memory").get("explanation").asString()).contains("known for 1 of 3 runs");
            JsonNode record = service.get("/v2/{project}/instances/{instance}/auto-expire/histories")
                    .get("records")
                    .get(0);
            assertThat(record.get("num").asInt()).isEqualTo(DEAD);
        }
    }

    /** The sweep cannot have reclaimed at its rate what the server has expired while the service was down. */
    @Test
    void kill_serverExpiresTheRest_isAnEstimateWithoutTheRest() throws Exception {
        int live = 32_000;
        int dead = 16_000;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                ServiceProcess service = ServiceProcess.start(home, Map.of())) {
            KeySpace keySpace = KeySpace.frozen(client).plant(0, live, dead);
            String instanceId = service.register("expiry", redis.uri());
            String scanId = service.call(
                            "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\",\"rateCeiling\":2000}")
                    .get("id")
                    .asString();
            awaitFraction(service, scanId, 0.1);
            service.kill();
            long bySweep = live + dead - keySpace.size(0);
            keySpace.thaw();
            await("the server has expired the rest").until(() -> keySpace.size(0) == live);
            service.restart();
            JsonNode ended = service.awaitEnd(scanId);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("exact").asBoolean()).isFalse();
            // The keys of one interval between two checkpoints are uncertain.
            assertThat(ended.get("reclaimed").asLong()).isBetween(bySweep - 1_000, bySweep + 1_000);
        }
    }

    @Test
    void stop_byTerm_endsCleanly_andTheNextStartContinues() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ServiceProcess service = ServiceProcess.start(home, Map.of())) {
            KeySpace.frozen(redis.client()).plant(0, LIVE, DEAD);
            String scanId = create(service, "term", redis);
            awaitFraction(service, scanId, 0.05);
            assertThat(service.terminate()).isZero();
            assertThat(home.resolve("endpoint")).doesNotExist();
            service.restart();
            JsonNode resumed = service.get("/api/v1/scans/" + scanId);
            assertThat(resumed.get("fraction").asDouble()).isGreaterThanOrEqualTo(0.05);
            lift(service, scanId);
            JsonNode ended = service.awaitEnd(scanId);
            assertThat(ended.get("status").asString()).isEqualTo("success");
            assertThat(ended.get("reclaimed").asLong()).isEqualTo(DEAD);
            JsonNode sweep = ended.get("sweeps").get(0);
            assertThat(sweep.get("runs").asInt()).isEqualTo(2);
            assertThat(sweep.get("interruptions").values())
                    .extracting(broken -> broken.get("reason").asString())
                    .containsExactly("the service was stopped");
            assertThat(sweep.get("memory").get("keysAfter").asLong()).isEqualTo(LIVE);
        }
    }

    @Test
    void start_onAFolderInUse_isRefusedInOneSentence() throws Exception {
        try (ServiceProcess first = ServiceProcess.start(home, Map.of())) {
            assertThat(first.get("/v2/{project}/instances").get("instance_num").asInt())
                    .isZero();
            ServiceProcess.Refused refused = ServiceProcess.refused(home, Map.of());
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("Another keysweep server uses the data folder.")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void start_withBadSettings_isRefusedWithAllProblems() throws Exception {
        ServiceProcess.Refused refused =
                ServiceProcess.refused(home, Map.of("KEYSWEEP_WORKER_THREADS", "0", "KEYSWEEP_SCAN_PROFILE", "brutal"));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).contains("worker.threads", "scan.profile").doesNotContain("\tat ");
    }

    /** Creates a scan at {@link #RATE}. */
    private static String create(ServiceProcess service, String name, RedisServer redis) {
        String body = "{\"instanceId\":\"" + service.register(name, redis.uri())
                + "\",\"profile\":\"full\",\"rateCeiling\":" + RATE + "}";
        return service.call("POST", "/api/v1/scans", body).get("id").asString();
    }

    /** Lets a scan go on without a ceiling. */
    private static void lift(ServiceProcess service, String scanId) {
        service.call("PATCH", "/api/v1/scans/" + scanId, "{\"profile\":\"full\",\"rateCeiling\":null}");
    }

    private static void awaitFraction(ServiceProcess service, String scanId, double fraction) {
        awaitScan(
                "the scan reaches " + fraction,
                () -> service.get("/api/v1/scans/" + scanId),
                scan -> scan.get("fraction").asDouble() >= fraction);
    }
}
