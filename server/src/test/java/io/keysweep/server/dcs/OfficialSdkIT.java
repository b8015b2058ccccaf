package io.keysweep.server.dcs;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.CreateAutoExpireScanTaskResponse;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListInstancesResponse;
import com.huaweicloud.sdk.dcs.v2.model.ScanExpireKeyRequest;
import com.huaweicloud.sdk.dcs.v2.model.ScanExpireKeyResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireKeyScanInfoRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowExpireKeyScanInfoResponse;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceRequest;
import com.huaweicloud.sdk.dcs.v2.model.ShowInstanceResponse;
import com.huaweicloud.sdk.dcs.v2.model.SimpleKeyScanRecord;
import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the DCS operations of instances and manual scans with Huawei Cloud's unmodified Java SDK and a real Redis. */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfficialSdkIT {

    private RedisServer redis;
    private TestService service;
    private Credentials admin;
    private DcsClient client;
    private String instanceId;

    @BeforeAll
    void start(SharedServices services) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = services.h2();
        admin = service.newAdministrator("official SDK");
        client = service.sdk(admin);
    }

    @BeforeEach
    void register() {
        instanceId = service.register(admin, "sdk-" + UUID.randomUUID(), redis.uri());
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @Test
    void createAutoExpireScanTask_createsAScan_thatCountsTheDeadKeys() {
        // The response has the fields of a waiting scan.
        int dead = 1_000;
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, dead);
        CreateAutoExpireScanTaskResponse created =
                client.createAutoExpireScanTask(new CreateAutoExpireScanTaskRequest().withInstanceId(instanceId));
        assertThat(created.getId()).isNotNull();
        assertThat(created.getInstanceId()).hasToString(instanceId);
        assertThat(created.getStatus()).isEqualTo(CreateAutoExpireScanTaskResponse.StatusEnum.WAITING);
        assertThat(created.getScanType()).isEqualTo(CreateAutoExpireScanTaskResponse.ScanTypeEnum.MANUAL);
        assertThat(created.getCreatedAt()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(created.getStartedAt()).isNull();
        assertThat(created.getFinishedAt()).isNull();

        // The record has the fields of an ended scan.
        SimpleKeyScanRecord record = awaitEnd(created.getId().toString());
        assertThat(record.getStatus()).isEqualTo(SimpleKeyScanRecord.StatusEnum.SUCCESS);
        assertThat(record.getNum()).isEqualTo(dead);
        assertThat(record.getScanType()).isEqualTo("manual");
        assertThat(record.getStartedAt()).isNotNull();
        assertThat(record.getFinishedAt()).isNotNull();
    }

    @Test
    void showExpireKeyScanInfo_afterTwoScans_countsBoth_andHasOnePageOfThem() {
        int deadPerScan = 500;
        for (int i = 1; i <= 2; i++) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 10, deadPerScan);
            ScanExpireKeyResponse created = client.scanExpireKey(new ScanExpireKeyRequest().withInstanceId(instanceId));
            assertThat(created.getStatus()).isEqualTo("waiting");

            awaitEnd(created.getId());
        }

        // The page has one of the two scans. The totals include both.
        ShowExpireKeyScanInfoResponse info = client.showExpireKeyScanInfo(new ShowExpireKeyScanInfoRequest()
                .withInstanceId(instanceId)
                .withOffset(0)
                .withLimit(1)
                .withStatus(ShowExpireKeyScanInfoRequest.StatusEnum.SUCCESS));
        assertThat(info.getInstanceId()).isEqualTo(instanceId);
        assertThat(info.getCount()).isEqualTo(2);
        assertThat(info.getTotal()).isEqualTo(2 * deadPerScan);
        assertThat(info.getRecords()).hasSize(1);
    }

    @Test
    void refusal_asTheSdkPrintsIt_containsTheReason() {
        // Requests with an unknown access key, and with a wrong secret key, are refused.
        assertThat(refusal(
                        service.sdk(new Credentials(admin.projectId(), "UNKNOWNACCESSKEY0000", admin.secretKey())),
                        instanceId))
                .contains("DCS.1001", "Invalid token. The access key UNKNOWNACCESSKEY0000 does not exist.");
        assertThat(refusal(
                        service.sdk(new Credentials(admin.projectId(), admin.accessKey(), "x".repeat(40))), instanceId))
                .contains("DCS.1001", "Invalid token. The signature does not match the request.");

        // A scan of a server that is down is refused.
        String down = service.register(admin, "down-" + UUID.randomUUID(), "redis://127.0.0.1:1");
        assertThat(refusal(client, down)).contains("DCS.4049", "The instance status is not running. 127.0.0.1:1");

        // A second scan is refused while the first one is active. A project hold keeps the first one from ending.
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
    void showInstance_ofAnUnknownInstance_throwsTheExceptionOfTheSdk() {
        ClientRequestException refusal = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.showInstance(new ShowInstanceRequest()
                        .withInstanceId(UUID.randomUUID().toString())));
        assertThat(refusal.getHttpStatusCode()).isEqualTo(404);
        assertThat(refusal.getErrorCode()).isEqualTo("DCS.3022");
        assertThat(refusal.getErrorMsg()).isEqualTo("This DCS instance does not exist.");
        assertThat(refusal.getRequestId()).isNotBlank();
    }

    /** Requests a scan that must be refused, and returns what the SDK prints of its exception. */
    private static String refusal(DcsClient client, String instanceId) {
        ClientRequestException refusal = catchThrowableOfType(
                ClientRequestException.class,
                () -> client.createAutoExpireScanTask(
                        new CreateAutoExpireScanTaskRequest().withInstanceId(instanceId)));
        return refusal.toString() + refusal.getMessage();
    }

    /** Waits until a scan has ended, and returns its record. */
    private SimpleKeyScanRecord awaitEnd(String id) {
        ShowExpireKeyScanInfoRequest show = new ShowExpireKeyScanInfoRequest().withInstanceId(instanceId);
        return await("the scan has ended")
                .until(
                        () -> client.showExpireKeyScanInfo(show).getRecords().stream()
                                .filter(record -> record.getId().equals(id))
                                .findFirst()
                                .orElseThrow(),
                        record -> record.getFinishedAt() != null);
    }
}
