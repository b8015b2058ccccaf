package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskResponse;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesResponse;
import com.huaweicloud.sdk.dcs.v2.model.ScanExpireKeyRequest;
import com.huaweicloud.sdk.dcs.v2.model.ScanExpireKeyResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireAutoScanConfigRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireKeyScanInfoRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireKeyScanInfoResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceResponse;
import com.huaweicloud.sdk.dcs.v2.model.SimpleKeyScanRecord;
import com.huaweicloud.sdk.dcs.v2.model.UpdateAutoScanConfigRequestBody;
import com.huaweicloud.sdk.dcs.v2.model.UpdateExpireAutoScanConfigRequest;
import com.huaweicloud.sdk.dcs.v2.model.UpdateExpireAutoScanConfigResponse;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Calls all seven DCS operations with the unmodified official Java SDK, on a service and a real Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfficialSdkIT {

    private RedisServer redis;
    private TestService service;
    private DcsClient client;
    private String instanceId;

    @BeforeAll
    void start(@TempDir Path home) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = TestService.start(home, Map.of());
        client = service.sdk(service.administrator());
    }

    @BeforeEach
    void register() {
        instanceId = service.register(service.administrator(), "sdk-" + UUID.randomUUID(), redis.uri());
    }

    @AfterAll
    void stop() {
        service.close();
        redis.close();
    }

    @Test
    void createAutoExpireScanTask_onDeadKeys_endsWithTheirExactNumber() {
        KeySpace.frozen(redis.client()).plant(0, 2000, 1000);
        CreateAutoExpireScanTaskResponse created =
                client.createAutoExpireScanTask(new CreateAutoExpireScanTaskRequest().withInstanceId(instanceId));
        assertThat(created.getId()).isNotNull();
        assertThat(created.getInstanceId()).hasToString(instanceId);
        assertThat(created.getStatus()).isEqualTo(CreateAutoExpireScanTaskResponse.StatusEnum.WAITING);
        assertThat(created.getScanType()).isEqualTo(CreateAutoExpireScanTaskResponse.ScanTypeEnum.MANUAL);
        assertThat(created.getCreatedAt()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(created.getStartedAt()).isNull();
        assertThat(created.getFinishedAt()).isNull();

        SimpleKeyScanRecord record = ended(created.getId().toString());
        assertThat(record.getStatus()).isEqualTo(SimpleKeyScanRecord.StatusEnum.SUCCESS);
        assertThat(record.getNum()).isEqualTo(1000);
        assertThat(record.getScanType()).isEqualTo("manual");
        assertThat(record.getStartedAt()).isNotNull();
        assertThat(record.getFinishedAt()).isNotNull();
    }

    @Test
    void scanExpireKey_twice_countsBothRecords() {
        for (int i = 1; i <= 2; i++) {
            KeySpace.frozen(redis.client()).plant(0, 10, 500);
            ScanExpireKeyResponse created = client.scanExpireKey(new ScanExpireKeyRequest().withInstanceId(instanceId));
            assertThat(created.getStatus()).isEqualTo("waiting");
            ended(created.getId());
        }
        ShowExpireKeyScanInfoResponse info = client.showExpireKeyScanInfo(new ShowExpireKeyScanInfoRequest()
                .withInstanceId(instanceId)
                .withOffset(0)
                .withLimit(1)
                .withStatus(ShowExpireKeyScanInfoRequest.StatusEnum.SUCCESS));
        assertThat(info.getInstanceId()).isEqualTo(instanceId);
        assertThat(info.getCount()).isEqualTo(2);
        assertThat(info.getTotal()).isEqualTo(1000);
        assertThat(info.getRecords()).hasSize(1);
    }

    @Test
    void autoScanConfig_updatedAndShown_isTheSame() {
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
                                .withInterval(86400)
                                .withTimeout(172800)
                                .withScanKeysCount(50)));
        assertThat(updated.getUpdatedAt()).isNotNull();
        var shown = client.showExpireAutoScanConfig(show);
        assertThat(shown.getInstanceId()).isEqualTo(instanceId);
        assertThat(shown.getEnableAutoScan()).isTrue();
        assertThat(Instant.parse(shown.getFirstScanAt())).isEqualTo(Instant.parse(first));
        assertThat(shown.getInterval()).isEqualTo(86400);
        assertThat(shown.getTimeout()).isEqualTo(172800);
        assertThat(shown.getScanKeysCount()).isEqualTo(50);
        assertThat(client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                                .withInstanceId(instanceId)
                                .withBody(new UpdateAutoScanConfigRequestBody().withEnableAutoScan(false)))
                        .getEnableAutoScan())
                .isFalse();
    }

    @Test
    void autoScanConfig_neverSet_hasTheDefaultsOfTheVendor() {
        var shown = client.showExpireAutoScanConfig(new ShowExpireAutoScanConfigRequest().withInstanceId(instanceId));
        assertThat(shown.getEnableAutoScan()).isFalse();
        assertThat(shown.getInterval()).isEqualTo(1440 * 60);
        assertThat(shown.getTimeout()).isEqualTo(2880 * 60);
        assertThat(shown.getScanKeysCount()).isEqualTo(10);
        assertThat(shown.getFirstScanAt()).isNull();
        assertThat(shown.getUpdatedAt()).isNull();
    }

    @Test
    void autoScanConfig_withoutTheSwitch_keepsIt() {
        var body = new UpdateAutoScanConfigRequestBody()
                .withEnableAutoScan(true)
                .withFirstScanAt("2099-07-07t15:00:05.000z")
                .withInterval(3600)
                .withTimeout(7200)
                .withScanKeysCount(10);
        UpdateExpireAutoScanConfigRequest update = new UpdateExpireAutoScanConfigRequest().withInstanceId(instanceId);
        assertThat(client.updateExpireAutoScanConfig(update.withBody(body)).getFirstScanAt())
                .isEqualTo("2099-07-07T15:00:05.000Z");
        UpdateExpireAutoScanConfigResponse changed = client.updateExpireAutoScanConfig(
                update.withBody(new UpdateAutoScanConfigRequestBody().withScanKeysCount(1000)));
        assertThat(changed.getEnableAutoScan()).isTrue();
        assertThat(changed.getScanKeysCount()).isEqualTo(1000);
        assertThat(changed.getInterval()).isEqualTo(3600);
        assertThat(changed.getFirstScanAt()).isEqualTo("2099-07-07T15:00:05.000Z");
    }

    @Test
    void refusals_asTheSdkPrintsThem_sayTheReason() {
        Credentials admin = service.administrator();
        assertThat(refusal(
                        service.sdk(new Credentials(admin.projectId(), "UNKNOWNACCESSKEY0000", admin.secretKey())),
                        instanceId))
                .contains("DCS.1001", "Invalid token. The access key UNKNOWNACCESSKEY0000 does not exist.");
        assertThat(refusal(
                        service.sdk(new Credentials(admin.projectId(), admin.accessKey(), "x".repeat(40))), instanceId))
                .contains("DCS.1001", "Invalid token. The signature does not match the request.");
        String down = service.register(admin, "down-" + UUID.randomUUID(), "redis://127.0.0.1:1");
        assertThat(refusal(client, down)).contains("DCS.4049", "The instance status is not running. 127.0.0.1:1");
        service.call(admin, "PUT", "/api/v1/projects/" + admin.projectId() + "/hold", "");
        CreateAutoExpireScanTaskResponse held =
                client.createAutoExpireScanTask(new CreateAutoExpireScanTaskRequest().withInstanceId(instanceId));
        assertThat(refusal(client, instanceId))
                .contains(
                        "DCS.4017",
                        "This DCS instance job task is still running. The manual scan " + held.getId()
                                + " is waiting.");
        service.call(admin, "POST", "/api/v1/scans/" + held.getId() + "/cancel", "");
        service.call(admin, "DELETE", "/api/v1/projects/" + admin.projectId() + "/hold", "");
    }

    private static String refusal(DcsClient client, String instanceId) {
        ClientRequestException refused = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.createAutoExpireScanTask(
                        new CreateAutoExpireScanTaskRequest().withInstanceId(instanceId)));
        return refused.toString() + refused.getMessage();
    }

    @Test
    void autoScanConfig_againstARule_isRefusedWithItsCode() {
        ClientRequestException refused = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                        .withInstanceId(instanceId)
                        .withBody(new UpdateAutoScanConfigRequestBody()
                                .withEnableAutoScan(true)
                                .withFirstScanAt("2099-01-01T00:00:00.000")
                                .withInterval(3600)
                                .withTimeout(3600)
                                .withScanKeysCount(100))));
        assertThat(refused.getHttpStatusCode()).isEqualTo(400);
        assertThat(refused.getErrorCode()).isEqualTo("DCS.4821");
        assertThat(refused.getErrorMsg()).startsWith("The timeout parameter is invalid.");
        assertThat(refused.getRequestId()).isNotBlank();
    }

    @Test
    void autoScan_dueSoon_startsAutomatically() {
        KeySpace.frozen(redis.client()).plant(0, 10, 700);
        client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                .withInstanceId(instanceId)
                .withBody(new UpdateAutoScanConfigRequestBody()
                        .withEnableAutoScan(true)
                        .withFirstScanAt(Instant.now().plusSeconds(2).toString())
                        .withInterval(0)
                        .withTimeout(60)
                        .withScanKeysCount(1000)));
        ShowExpireKeyScanInfoRequest show = new ShowExpireKeyScanInfoRequest().withInstanceId(instanceId);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> client.showExpireKeyScanInfo(show).getRecords().stream()
                        .anyMatch(record -> SimpleKeyScanRecord.StatusEnum.SUCCESS.equals(record.getStatus())));
        SimpleKeyScanRecord record =
                client.showExpireKeyScanInfo(show).getRecords().getFirst();
        assertThat(record.getScanType()).isEqualTo("auto");
        assertThat(record.getNum()).isEqualTo(700);
    }

    @Test
    void autoScan_longerThanItsTimeout_failsAndKeepsItsCount() {
        KeySpace.frozen(redis.client()).plant(0, 10, 30_000);
        // The scan visits 2,000 keys per second for 3 seconds.
        client.updateExpireAutoScanConfig(new UpdateExpireAutoScanConfigRequest()
                .withInstanceId(instanceId)
                .withBody(new UpdateAutoScanConfigRequestBody()
                        .withEnableAutoScan(true)
                        .withFirstScanAt(Instant.now().plusSeconds(3).toString())
                        .withInterval(0)
                        .withTimeout(3)
                        .withScanKeysCount(10)));
        ShowExpireKeyScanInfoRequest show = new ShowExpireKeyScanInfoRequest().withInstanceId(instanceId);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> client.showExpireKeyScanInfo(show).getRecords().stream()
                        .anyMatch(record -> record.getFinishedAt() != null));
        SimpleKeyScanRecord record =
                client.showExpireKeyScanInfo(show).getRecords().getFirst();
        assertThat(record.getStatus()).isEqualTo(SimpleKeyScanRecord.StatusEnum.FAILED);
        assertThat(record.getNum()).isBetween(1, 8_000);
        redis.client().call("FLUSHALL");
    }

    @Test
    void listAndShowInstance_ofARegisteredServer_describeIt() {
        ListInstancesResponse list = client.listInstances(new ListInstancesRequest().withInstanceId(instanceId));
        assertThat(list.getInstanceNum()).isEqualTo(1);
        assertThat(list.getInstances()).singleElement().satisfies(listed -> {
            assertThat(listed.getInstanceId()).isEqualTo(instanceId);
            assertThat(listed.getStatus()).isEqualTo("RUNNING");
            assertThat(listed.getEngine()).isEqualTo("Redis");
            assertThat(listed.getPort()).isEqualTo(redis.port());
        });
        ShowInstanceResponse shown = client.showInstance(new ShowInstanceRequest().withInstanceId(instanceId));
        assertThat(shown.getEngineVersion()).startsWith("7.0.");
        assertThat(shown.getCacheMode()).isEqualTo(ShowInstanceResponse.CacheModeEnum.SINGLE);
        assertThat(shown.getUsedMemory()).isPositive();
        assertThat(shown.getNoPasswordAccess()).isEqualTo("true");
    }

    @Test
    void unknownInstance_isRefusedAsTheSdkExpects() {
        ClientRequestException refused = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.showInstance(new ShowInstanceRequest()
                        .withInstanceId(UUID.randomUUID().toString())));
        assertThat(refused.getHttpStatusCode()).isEqualTo(404);
        assertThat(refused.getErrorCode()).isEqualTo("DCS.3022");
        assertThat(refused.getErrorMsg()).isEqualTo("This DCS instance does not exist.");
        assertThat(refused.getRequestId()).isNotBlank();
    }

    private SimpleKeyScanRecord ended(String id) {
        ShowExpireKeyScanInfoRequest show = new ShowExpireKeyScanInfoRequest().withInstanceId(instanceId);
        return await().atMost(Duration.ofMinutes(3))
                .until(
                        () -> client.showExpireKeyScanInfo(show).getRecords().stream()
                                .filter(record -> record.getId().equals(id))
                                .findFirst()
                                .orElseThrow(),
                        record -> record.getFinishedAt() != null);
    }
}
