package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests that a scan that is cancelled or reaches its timeout ends early, and counts each key once. */
@ExtendWith(SharedServicesResolver.class)
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ScanEarlyEndIT {

    private static final int LIVE = 20_000;
    private static final int DEAD = 10_000;

    private final String dialect;
    private TestService service;
    private Credentials key;
    private SlowScans scans;

    ScanEarlyEndIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void start(SharedServices services) {
        service = services.on(dialect);
        key = service.newAdministrator("early ends " + UUID.randomUUID());
        scans = new SlowScans(service, key);
    }

    @Test
    void cancel_ofARunningScan_keepsItsCounts() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, "cancelled", redis.uri());
            String scanId = scans.create(instanceId);
            scans.await(scanId, scan -> scan.get("reclaimed").asLong() > 0);

            scans.control(scanId, "cancel", "{\"reason\":\"wrong server\"}");
            JsonNode endedScan = scans.awaitEnd(scanId);

            assertThat(endedScan.get("status").asString()).isEqualTo("failed");
            assertThat(endedScan.get("failure").asString())
                    .isEqualTo("Cancelled by " + key.accessKey() + ": wrong server");
            assertThat(endedScan.get("ending").asString()).isEqualTo("cancelled");
            assertThat(endedScan.get("reclaimed").asLong())
                    .isPositive()
                    .isEqualTo(LIVE + DEAD - keys.size(0))
                    .isLessThan(DEAD);

            // The DCS API has the same count.
            JsonNode record = service.call(key, "GET", historiesPath(key, instanceId), "")
                    .body()
                    .get("records")
                    .get(0);
            assertThat(record.get("status").asString()).isEqualTo("failed");
            assertThat(record.get("num").asLong())
                    .isEqualTo(endedScan.get("reclaimed").asLong());

            // After the cancel, the instance can have another scan, which reclaims the remaining keys.
            String nextScanId = scans.create(instanceId);
            scans.accelerate(nextScanId);

            assertThat(scans.awaitEnd(nextScanId).get("reclaimed").asLong())
                    .isEqualTo(DEAD - endedScan.get("reclaimed").asLong());
        }
    }

    @Test
    void cancel_ofAWaitingOrPausedScan_endsIt() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, "waiting", redis.uri());

            // The project is on hold, so the scan waits.
            service.call(key, "PUT", projectHoldPath(key), "{\"reason\":\"freeze\"}");
            String waiting = scans.create(instanceId);
            Answer answer = scans.control(waiting, "cancel", "");

            assertThat(answer.body().get("status").asString()).isEqualTo("failed");
            assertThat(answer.body().get("failure").asString()).isEqualTo("Cancelled by " + key.accessKey());
            assertThat(answer.body().get("visited").asLong()).isZero();
            assertThat(answer.body().get("sweeps").get(0).get("finished").asBoolean())
                    .isTrue();
            assertThat(keys.size(0)).isEqualTo(LIVE + DEAD);

            // This scan runs, and is then paused.
            service.call(key, "DELETE", projectHoldPath(key), "");
            String running = scans.create(instanceId);
            scans.awaitProgress(running);
            scans.control(running, "pause", "");
            scans.await(running, scan -> SlowScans.sweepHold(scan).startsWith("paused"));
            scans.control(running, "cancel", "{\"reason\":\"enough\"}");
            JsonNode endedScan = scans.awaitEnd(running);

            assertThat(endedScan.get("failure").asString()).endsWith(": enough");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
        }
    }

    @Test
    void pause_untilTheTimeout_failsTheScanWithItsCounts() {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace keys = KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, LIVE, DEAD);
            String instanceId = service.register(key, "timeout", redis.uri());

            // A scan with a timeout of 10 s is paused.
            String scanId = service.call(
                            key,
                            "POST",
                            "/api/v1/scans",
                            "{\"instanceId\":\"" + instanceId + "\",\"timeoutSeconds\":10," + SlowScans.SLOW_PACE_FIELD
                                    + "}")
                    .created()
                    .get("id")
                    .asString();
            scans.control(scanId, "pause", "");

            // The pause may have begun before the first step. A waiting scan has no deadline yet.
            if (scans.get(scanId).get("status").asString().equals("waiting")) {
                scans.control(scanId, "resume", "");
                scans.await(scanId, scan -> !scan.get("status").asString().equals("waiting"));
                scans.control(scanId, "pause", "");
            }

            JsonNode endedScan = scans.awaitEnd(scanId);

            assertThat(endedScan.get("failure").asString()).startsWith("Timed out after 10 s");
            assertThat(endedScan.get("ending").asString()).isEqualTo("expired");
            assertThat(endedScan.get("reclaimed").asLong()).isEqualTo(LIVE + DEAD - keys.size(0));
        }
    }

    private static String projectHoldPath(Credentials key) {
        return "/api/v1/projects/" + key.projectId() + "/hold";
    }

    private static String historiesPath(Credentials key, String instanceId) {
        return "/v2/" + key.projectId() + "/instances/" + instanceId + "/auto-expire/histories";
    }
}
