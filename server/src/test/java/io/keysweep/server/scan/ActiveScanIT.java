package io.keysweep.server.scan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.TestService.Answer;
import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.error.ErrorCode;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that an instance has at most one active scan, even if many requests for a scan come at the same time. */
@ExtendWith(SharedServicesResolver.class)
class ActiveScanIT {

    /** A pace at which a scan of 50,000 keys lasts many minutes, so that it is active during all requests. */
    private static final String SLOW_PACE = "{\"rateCeiling\":50}";

    private static final String FAST_PACE = "{\"profile\":\"full\",\"rateCeiling\":null}";

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void create_twelveRequestsAtTheSameTime_succeedsForOne(String dialect, SharedServices services) throws Exception {
        TestService service = services.on(dialect);
        Credentials key = service.newAdministrator("one of many creates");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 50_000, /* dead= */ 1_000);
            String path = instancePath(key, service.register(key, "busy", redis.uri()));

            // The project is on hold, so the scan does not end before the last request comes.
            String hold = "/api/v1/projects/" + key.projectId() + "/hold";
            service.call(key, "PUT", hold, "");

            // Twelve callers send their requests at the same time.
            int callers = 12;
            CyclicBarrier together = new CyclicBarrier(callers);
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                calls.add(() -> {
                    together.await();
                    Answer answer;
                    do {
                        // On a busy machine, a caller may wait too long for one of the ten connections to the database.
                        // As the documentation says, it then repeats its request.
                        answer = service.call(key, "POST", path + "/scan-expire-keys-task", "");
                    } while (answer.status() == 503);
                    return answer;
                });
            }

            List<Answer> answers = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
                for (Future<Answer> answer : threads.invokeAll(calls)) {
                    answers.add(answer.get());
                }
            }

            // One request creates the scan, and the others are refused.
            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 400)
                    .hasSize(callers - 1)
                    .allMatch(answer -> answer.errorCode().equals("DCS.4017"));

            // The scan runs. The older path of the DCS API also refuses a second scan.
            String scan = "/api/v1/scans/"
                    + answers.stream()
                            .filter(answer -> answer.status() == 200)
                            .findFirst()
                            .orElseThrow()
                            .id();
            service.call(key, "PATCH", scan, SLOW_PACE);
            service.call(key, "DELETE", hold, "");
            await("the scan runs").until(() -> !scanStatus(service, key, path).equals("waiting"));

            assertThat(service.call(key, "POST", path + "/auto-expire/scan", "").errorCode())
                    .isEqualTo(ErrorCode.SCAN_ACTIVE.code());

            // After the end of the scan, the instance can have another one.
            service.call(key, "PATCH", scan, FAST_PACE);
            await("the scan succeeds")
                    .until(() -> scanStatus(service, key, path).equals("success"));

            assertThat(service.call(key, "POST", path + "/auto-expire/scan", "").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void remove_ofAnInstanceBeingScanned_isRefused(SharedServices services) {
        TestService service = services.h2();
        Credentials key = service.newAdministrator("removal while scanned");
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 50_000, /* dead= */ 0);
            String id = service.register(key, "busy", redis.uri());

            // The removal is refused while the scan is active.
            String scan = service.call(
                            key, "POST", "/api/v1/scans", "{\"instanceId\":\"" + id + "\",\"rateCeiling\":50}")
                    .header("Location");
            Answer refusal = service.call(key, "DELETE", "/api/v1/instances/" + id, "");

            assertThat(refusal.status()).isEqualTo(409);

            // The same request succeeds after the end of the scan.
            service.call(key, "PATCH", scan, FAST_PACE);
            await("the scan succeeds")
                    .until(() -> scanStatus(service, key, instancePath(key, id)).equals("success"));

            assertThat(service.call(key, "DELETE", "/api/v1/instances/" + id, "")
                            .status())
                    .isEqualTo(204);
            assertThat(service.call(key, "GET", instancePath(key, id), "").status())
                    .isEqualTo(404);
        }
    }

    private static String instancePath(Credentials key, String instanceId) {
        return "/v2/" + key.projectId() + "/instances/" + instanceId;
    }

    /** Returns the status of the latest scan of an instance in the DCS API. */
    private static String scanStatus(TestService service, Credentials key, String path) {
        return service.call(key, "GET", path + "/auto-expire/histories", "")
                .body()
                .get("records")
                .get(0)
                .get("status")
                .asString();
    }
}
