package io.keysweep.server.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays requests that the Terraform provider for Huawei Cloud has sent to this service.
 *
 * <p>The provider had version 1.97.1, commit a0345b8d. The requests sign in, create and refresh both resources that
 * scan for expired keys, and read the histories.
 */
@ExtendWith(SharedServicesResolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerraformIT {

    private RedisServer redis;
    private TestService service;
    private Credentials key;

    @BeforeAll
    void start(SharedServices services) {
        redis = RedisServer.start(RedisVersion.REDIS_7_0);
        service = services.h2();
        // The recordings have the name of the first project, which no other class of the shared service uses.
        key = service.administrator();
    }

    @AfterAll
    void stop() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"access-key", "access-key-and-project", "password"})
    void provider_signsIn_withEachKindOfCredentials(String recording) {
        replay(recording, register(recording));
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired-key-scan", "expired-key-scan-task"})
    void resourceOfAScan_isCreated_andRefreshedUntilTheScanHasEnded(String recording) {
        replay(recording, register(recording));
    }

    @Test
    void histories_ofSeveralPages_areReadCompletely() {
        String instanceId = register("histories");

        // A page of the histories has 10 scans.
        for (int scan = 0; scan < 12; scan++) {
            scan(instanceId);
        }

        replay("histories", instanceId);
    }

    @Test
    void resourceOfARemovedInstance_isRemovedFromTheState() {
        String instanceId = register("removed");
        replay("expired-key-scan", instanceId);

        assertThat(service.call(key, "DELETE", "/api/v1/instances/" + instanceId, "")
                        .status())
                .isEqualTo(204);

        replay("removed-instance", instanceId);
    }

    @Test
    void resourceOfAnUnknownInstance_cannotBeCreated() {
        replay("unknown-instance", register("another"));
    }

    /** Replays a recording with the id of an instance. */
    private void replay(String name, String instanceId) {
        Recording recording = new Recording(service, key, Map.of("{instance}", instanceId));
        Recording.lines(name).forEach(recording::replay);
    }

    /** Registers an instance with 40 dead keys, as in the recordings. */
    private String register(String name) {
        KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 40);
        return service.register(key, name, redis.uri());
    }

    /** Starts a manual scan, and waits until it has ended. */
    private void scan(String instanceId) {
        String base = "/v2/" + key.projectId() + "/instances/" + instanceId + "/auto-expire";
        assertThat(service.call(key, "POST", base + "/scan", "").status()).isEqualTo(200);
        Waits.await("the scan ends")
                .until(() -> service.call(key, "GET", base + "/histories?limit=1", "")
                        .body()
                        .get("records")
                        .get(0)
                        .get("status")
                        .asString()
                        .equals("success"));
    }
}
