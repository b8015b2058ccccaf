package io.keysweep.server.notify;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.control.InstructionStore;
import io.keysweep.server.scan.ScanStore;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Tests the notices about ended scans and about long holds, with scans that a complete service runs.
 *
 * <p>The base class provides {@code service}, {@code receiver}, and {@code hooks}, which sends requests about webhooks.
 */
abstract class ScanNoticesContract extends WebhooksTestCase {

    /**
     * The time three hours ago. {@link #longHoldNotices} makes its checks some minutes after it, so the duration of a
     * test has no effect. All these times have passed, so every notice is due.
     */
    private final Instant threeHoursAgo = InstantSource.system().instant().minus(Duration.ofHours(3));

    private RedisServer redis;

    /** Returns environment variables that choose the database of the service. */
    abstract Map<String, String> variables() throws Exception;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        use(TestService.start(home, variables()));
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 200, /* dead= */ 100);
        postponeChecksForLongHolds();
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
    }

    @Test
    void notices_ofAFinishedAndACancelledScan_areSent() {
        Credentials teamKey = service.project("ended");
        JsonNode hook = hooks.create(teamKey, "{\"url\":\"" + receiver.url() + "\"}");
        String instanceId = service.register(teamKey, "orders", redis.uri());
        String finishedScan = scan(teamKey, instanceId);
        hooks.awaitDelivery(teamKey, hook, "scan.finished");

        // A second scan waits, because the project is on hold, and is cancelled.
        service.call(teamKey, "PUT", "/api/v1/projects/" + teamKey.projectId() + "/hold", "");
        String cancelledScan = scan(teamKey, instanceId);
        service.call(teamKey, "POST", "/api/v1/scans/" + cancelledScan + "/cancel", "{\"reason\":\"enough\"}");
        hooks.awaitDelivery(teamKey, hook, "scan.failed");

        // Both notices are signed.
        List<Receiver.Received> notices = receiver.received().stream()
                .filter(notice -> notice.json().at("/data/projectId").asString().equals(teamKey.projectId()))
                .toList();
        assertThat(notices)
                .hasSize(2)
                .allMatch(notice -> notice.signedBy(hook.get("secret").asString()));

        // The notice of the finished scan names the scan, and the number of reclaimed keys.
        JsonNode finished = notices.getFirst().json();
        assertThat(finished.get("type").asString()).isEqualTo("scan.finished");
        assertThat(finished.at("/data/scanId").asString()).isEqualTo(finishedScan);
        assertThat(finished.at("/data/instanceId").asString()).isEqualTo(instanceId);
        assertThat(finished.at("/data/instanceName").asString()).isEqualTo("orders");
        assertThat(finished.at("/data/scanType").asString()).isEqualTo("manual");
        assertThat(finished.at("/data/num").asLong())
                .isEqualTo(service.call(teamKey, "GET", "/api/v1/scans/" + finishedScan, "")
                        .body()
                        .get("reclaimed")
                        .asLong());
        assertThat(finished.at("/data/exact").asBoolean()).isTrue();

        // The notice of the cancelled scan has the reason.
        JsonNode failed = notices.getLast().json();
        assertThat(failed.at("/data/scanId").asString()).isEqualTo(cancelledScan);
        assertThat(failed.at("/data/failure").asString()).contains("enough");
    }

    @Test
    void notices_ofALongHold_areSentOncePerHold() {
        Credentials teamKey = service.project("held");
        JsonNode hook = hooks.create(
                teamKey, "{\"url\":\"" + receiver.url() + "\",\"events\":[\"scan.held\"],\"heldMinutes\":60}");
        String instanceId = service.register(teamKey, "held", redis.uri());

        // The hold is reported after an hour, and not before.
        hold(teamKey, "PUT");
        String scanId = scan(teamKey, instanceId);
        longHoldNotices(0).check();
        longHoldNotices(59).check();

        assertThat(hooks.deliveries(teamKey, hook).isEmpty()).isTrue();

        longHoldNotices(61).check();
        longHoldNotices(62).check();
        JsonNode notice = hooks.awaitDelivery(teamKey, hook, "scan.held");

        assertThat(hooks.deliveries(teamKey, hook).size()).isEqualTo(1);
        assertThat(notice.at("/data/scanId").asString()).isEqualTo(scanId);
        assertThat(notice.at("/data/hold").asString()).isEqualTo("project held by " + teamKey.accessKey());
        assertThat(notice.at("/data/heldSince").asString()).isNotEmpty();

        // A new reason does not begin a new hold.
        pause(teamKey, scanId);
        hold(teamKey, "DELETE");
        longHoldNotices(63).check();

        assertThat(hooks.deliveries(teamKey, hook).size()).isEqualTo(1);

        // A scan that has ended is no longer on hold.
        hold(teamKey, "PUT");
        service.call(teamKey, "POST", "/api/v1/scans/" + scanId + "/cancel", "");
        longHoldNotices(64).check();

        assertThat(service.bean(LongHoldStore.class).heldSince()).doesNotContainKey(UUID.fromString(scanId));

        // The hour of the next scan is counted from the beginning of its own hold, minute 65. Its notice is due at
        // minute 125.
        String secondScan = scan(teamKey, instanceId);
        longHoldNotices(65).check();
        longHoldNotices(124).check();

        assertThat(hooks.deliveries(teamKey, hook).size()).isEqualTo(1);

        longHoldNotices(126).check();
        assertThat(hooks.deliveries(teamKey, hook).size()).isEqualTo(2);

        service.call(teamKey, "POST", "/api/v1/scans/" + secondScan + "/cancel", "");
    }

    /** Moves the service's own checks for long holds to the year 2100, because the test makes the checks itself. */
    private void postponeChecksForLongHolds() {
        await("the service has made its first check, and makes no other")
                .until(() -> service.bean(JdbcClient.class)
                                .sql("update scheduled_tasks set execution_time = :never, version = version + 1"
                                        + " where task_name = 'held-watch' and not picked and last_success is not null")
                                .param("never", OffsetDateTime.parse("2100-01-01T00:00:00Z"))
                                .update()
                        == 1);
    }

    /** Starts a scan and returns its id. */
    private String scan(Credentials key, String instanceId) {
        Answer created = service.call(key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + instanceId + "\"}");
        assertThat(created.status()).as(created.response().body()).isEqualTo(201);
        return created.id();
    }

    /** Sets the hold of the key's project with PUT, or removes it with DELETE. */
    private void hold(Credentials key, String method) {
        service.call(key, method, "/api/v1/projects/" + key.projectId() + "/hold", "");
    }

    private void pause(Credentials key, String scanId) {
        service.call(key, "POST", "/api/v1/scans/" + scanId + "/pause", "");
    }

    /** Returns a checker for long holds, whose clock shows {@link #threeHoursAgo} plus some minutes. */
    private LongHoldNotices longHoldNotices(int minutes) {
        return new LongHoldNotices(
                service.bean(LongHoldStore.class),
                service.bean(ScanStore.class),
                service.bean(InstructionStore.class),
                service.bean(Outbox.class),
                service.bean(TransactionTemplate.class),
                InstantSource.fixed(threeHoursAgo.plus(Duration.ofMinutes(minutes))));
    }
}
