package io.keysweep.server;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Credentials;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Tests the backup procedure of docs/operations.md on H2, which copies the home folder of a stopped service.
 */
class BackupIT {

    private static final List<String> FILES = List.of("keysweep.mv.db", "master.key", "credentials");

    @Test
    void homeFolder_restoredElsewhere_hasRecordsAndSecrets(@TempDir Path home, @TempDir Path restored)
            throws IOException {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, /* dead= */ 50);
            redis.client().call("ACL", "SETUSER", "sweeper", "on", ">secret", "~*", "+@all");
            String instanceId;
            try (TestService service = TestService.start(home, Map.of())) {
                Credentials key = service.administrator();
                instanceId =
                        service.register(key, "backup", redis.uri().replace("redis://", "redis://sweeper:secret@"));
                scan(service, key, instanceId, /* count= */ 1);
            }
            try (Stream<Path> files = Files.list(home)) {
                for (Path file : files.filter(
                                file -> FILES.contains(file.getFileName().toString()))
                        .toList()) {
                    Files.copy(file, restored.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            try (TestService service = TestService.start(restored, Map.of())) {
                Credentials key = service.administrator();
                JsonNode records = scan(service, key, instanceId, /* count= */ 2);
                assertThat(records.get("total").asInt()).isEqualTo(50);

                for (JsonNode record : records.get("records")) {
                    assertThat(record.get("status").asString()).isEqualTo("success");
                }
            }
        }
    }

    /** Makes a scan, waits until that many scans are recorded and the last has ended, and returns the records. */
    private static JsonNode scan(TestService service, Credentials key, String instanceId, int count) {
        String path = "/v2/" + key.projectId() + "/instances/" + instanceId;
        assertThat(service.call(key, "POST", path + "/scan-expire-keys-task", "")
                        .status())
                .isEqualTo(200);
        return await("the scan has ended")
                .until(
                        () -> service.call(key, "GET", path + "/auto-expire/histories", "")
                                .body(),
                        found -> found.get("count").asInt() == count
                                && found.get("records").get(0).has("finished_at"));
    }
}
