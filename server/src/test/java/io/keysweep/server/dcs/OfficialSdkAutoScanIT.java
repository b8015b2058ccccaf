package io.keysweep.server.dcs;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireAutoScanConfigRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireKeyScanInfoRequest;
import com.huaweicloud.sdk.dcs.v2.model.SimpleKeyScanRecord;
import com.huaweicloud.sdk.dcs.v2.model.UpdateAutoScanConfigRequestBody;
import com.huaweicloud.sdk.dcs.v2.model.UpdateExpireAutoScanConfigRequest;
import com.huaweicloud.sdk.dcs.v2.model.UpdateExpireAutoScanConfigResponse;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests automatic scans with Huawei Cloud's unmodified Java SDK, a service and a real Redis. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfficialSdkAutoScanIT {

    /** The time until a first start. It is longer than a request takes, because the service refuses a past start. */
    private static final Duration UNTIL_FIRST_SCAN = Duration.ofSeconds(5);

    private static final int SECONDS_PER_DAY = 86_400;

    private RedisServer redis;
    private TestService service;
    private Credentials key;
    private DcsClient client;

    @BeforeAll
    void start(SharedServices services) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = services.h2();
        key = service.newAdministrator("official SDK, automatic scans");
        client = service.sdk(key);
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @Test
    void autoScanConfig_thatWasUpdated_isShownWithTheSameValues() {
        String instanceId = register(redis);
        ShowExpireAutoScanConfigRequest show = new ShowExpireAutoScanConfigRequest().withInstanceId(instanceId);

        assertThat(client.showExpireAutoScanConfig(show).getEnableAutoScan()).isFalse();

        String first = Instant.now()
                .plus(1, ChronoUnit.DAYS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        UpdateExpireAutoScanConfigResponse updated =
                client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                        .withInstanceId(instanceId)
                        .withBody(new UpdateAutoScanConfigRequestBody()
                                .withEnableAutoScan(true)
                                .withFirstScanAt(first)
                                .withInterval(SECONDS_PER_DAY)
                                .withTimeout(2 * SECONDS_PER_DAY)
                                .withScanKeysCount(50)));

        assertThat(updated.getUpdatedAt()).isNotNull();

        // The shown configuration has the values of the update.
        var shown = client.showExpireAutoScanConfig(show);
        assertThat(shown.getInstanceId()).isEqualTo(instanceId);
        assertThat(shown.getEnableAutoScan()).isTrue();
        assertThat(Instant.parse(shown.getFirstScanAt())).isEqualTo(Instant.parse(first));
        assertThat(shown.getInterval()).isEqualTo(SECONDS_PER_DAY);
        assertThat(shown.getTimeout()).isEqualTo(2 * SECONDS_PER_DAY);
        assertThat(shown.getScanKeysCount()).isEqualTo(50);

        // Automatic scans can be switched off again.
        assertThat(client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                                .withInstanceId(instanceId)
                                .withBody(new UpdateAutoScanConfigRequestBody().withEnableAutoScan(false)))
                        .getEnableAutoScan())
                .isFalse();
    }

    @Test
    void autoScanConfig_thatWasNeverSet_hasTheDefaultsOfTheVendor() {
        String instanceId = register(redis);
        var shown = client.showExpireAutoScanConfig(new ShowExpireAutoScanConfigRequest().withInstanceId(instanceId));

        assertThat(shown.getEnableAutoScan()).isFalse();
        assertThat(shown.getInterval()).isEqualTo(SECONDS_PER_DAY);
        assertThat(shown.getTimeout()).isEqualTo(2 * SECONDS_PER_DAY);
        assertThat(shown.getScanKeysCount()).isEqualTo(10);
        assertThat(shown.getFirstScanAt()).isNull();
        assertThat(shown.getUpdatedAt()).isNull();
    }

    @Test
    void update_withoutTheSwitch_keepsTheSwitchAndTheOtherValues() {
        // The first update switches automatic scans on. The time has another spelling.
        String instanceId = register(redis);
        var body = new UpdateAutoScanConfigRequestBody()
                .withEnableAutoScan(true)
                .withFirstScanAt("2099-07-07t15:00:05.000z")
                .withInterval(3_600)
                .withTimeout(7_200)
                .withScanKeysCount(10);
        UpdateExpireAutoScanConfigRequest update = new UpdateExpireAutoScanConfigRequest().withInstanceId(instanceId);
        assertThat(client.updateExpireAutoScanConfig(update.withBody(body)).getFirstScanAt())
                .isEqualTo("2099-07-07T15:00:05.000Z");

        // The second one has only another speed.
        UpdateExpireAutoScanConfigResponse changed = client.updateExpireAutoScanConfig(
                update.withBody(new UpdateAutoScanConfigRequestBody().withScanKeysCount(1_000)));
        assertThat(changed.getEnableAutoScan()).isTrue();
        assertThat(changed.getScanKeysCount()).isEqualTo(1_000);
        assertThat(changed.getInterval()).isEqualTo(3_600);
        assertThat(changed.getFirstScanAt()).isEqualTo("2099-07-07T15:00:05.000Z");
    }

    @Test
    void update_thatBreaksARule_isRefused_withTheCodeOfTheRule() {
        String instanceId = register(redis);
        ClientRequestException refusal = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                        .withInstanceId(instanceId)
                        .withBody(new UpdateAutoScanConfigRequestBody()
                                .withEnableAutoScan(true)
                                .withFirstScanAt("2099-01-01T00:00:00.000")
                                .withInterval(3_600)
                                .withTimeout(3_600)
                                .withScanKeysCount(100))));

        assertThat(refusal.getHttpStatusCode()).isEqualTo(400);
        assertThat(refusal.getErrorCode()).isEqualTo("DCS.4821");
        assertThat(refusal.getErrorMsg()).startsWith("The timeout parameter is invalid.");
        assertThat(refusal.getRequestId()).isNotBlank();
    }

    @Test
    void autoScan_startsWhenItIsDue_andReclaimsAllDeadKeys() {
        String instanceId = register(redis);
        int dead = 700;
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 10, dead);
        SimpleKeyScanRecord record = scanSoon(instanceId, /* timeout= */ 3_600, /* scanKeysCount= */ 1_000);

        assertThat(record.getStatus()).isEqualTo(SimpleKeyScanRecord.StatusEnum.SUCCESS);
        assertThat(record.getScanType()).isEqualTo("auto");
        assertThat(record.getNum()).isEqualTo(dead);
    }

    @Test
    void autoScan_thatReachesItsTimeout_hasFailed_andItsReclaimedKeysAreCounted() {
        try (RedisServer large = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(large.client()).plant(/* db= */ 0, /* live= */ 10, /* dead= */ 30_000);
            String instanceId = register(large);

            // The scan visits at most 2,000 keys per second for 12 seconds, that is, 24,000 keys. The test allows some
            // more.
            SimpleKeyScanRecord record = scanSoon(instanceId, /* timeout= */ 12, /* scanKeysCount= */ 10);
            assertThat(record.getStatus()).isEqualTo(SimpleKeyScanRecord.StatusEnum.FAILED);
            assertThat(record.getNum()).isBetween(1, 27_000);
        }
    }

    private String register(RedisServer server) {
        return service.register(key, "sdk-" + UUID.randomUUID(), server.uri());
    }

    /** Configures one automatic scan with a timeout in seconds, waits until it has ended, and returns its record. */
    private SimpleKeyScanRecord scanSoon(String instanceId, int timeout, int scanKeysCount) {
        boolean configured = false;
        while (!configured) {
            Instant first = Instant.now().plus(UNTIL_FIRST_SCAN);
            try {
                client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                        .withInstanceId(instanceId)
                        .withBody(new UpdateAutoScanConfigRequestBody()
                                .withEnableAutoScan(true)
                                .withFirstScanAt(first.toString())
                                .withInterval(0)
                                .withTimeout(timeout)
                                .withScanKeysCount(scanKeysCount)));
                configured = true;
            } catch (ClientRequestException e) {
                // On a busy machine, the first start may have passed before the service received the request.
                if (!e.getErrorCode().equals("DCS.4819") || Instant.now().isBefore(first)) {
                    throw e;
                }
            }
        }
        ShowExpireKeyScanInfoRequest show = new ShowExpireKeyScanInfoRequest().withInstanceId(instanceId);
        await("the scan has ended")
                .until(() -> client.showExpireKeyScanInfo(show).getRecords().stream()
                        .anyMatch(record -> record.getFinishedAt() != null));
        return client.showExpireKeyScanInfo(show).getRecords().getFirst();
    }
}
