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

/** Tests the backup procedure of docs/operations.md for H2: files of a stopped service's home folder are copied. */
class BackupIT {

    /** The files of the home folder that a backup needs. */
    private static final List<String> BACKUP_FILES = List.of("keysweep.mv.db", "master.key", "credentials");

    @Test
    void homeFolder_restoredInAnotherFolder_hasTheRecordsAndSecrets(@TempDir Path home, @TempDir Path restored)
            throws IOException {
        int dead = 50;
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 100, dead);
            redis.client().call("ACL", "SETUSER", "sweeper", "on", ">secret", "~*", "+@all");

            // The first scan is before the backup. The service stores the password of the server as a secret.
            String instanceId;
            try (TestService service = TestService.start(home, Map.of())) {
                Credentials key = service.administrator();
                instanceId =
                        service.register(key, "backup", redis.uri().replace("redis://", "redis://sweeper:secret@"));
                scan(service, key, instanceId, /* count= */ 1);
            }

            // The service has stopped, and its files are copied.
            try (Stream<Path> files = Files.list(home)) {
                for (Path file : files.filter(
                                file -> BACKUP_FILES.contains(file.getFileName().toString()))
                        .toList()) {
                    Files.copy(file, restored.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }

            // The restored service still has the first scan, and a second scan works with the stored password.
            try (TestService service = TestService.start(restored, Map.of())) {
                Credentials key = service.administrator();
                JsonNode records = scan(service, key, instanceId, /* count= */ 2);
                assertThat(records.get("total").asInt()).isEqualTo(dead);

                for (JsonNode record : records.get("records")) {
                    assertThat(record.get("status").asString()).isEqualTo("success");
                }
            }
        }
    }

    /**
     * Creates a scan, waits until it has ended, and returns the records of all scans.
     *
     * @param count the number of records that the service must have after the scan
     */
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
