package io.keysweep.cli.quickstart;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the whole quickstart with the real service on a Redis that the user gives. */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class QuickstartGivenRedisIT {

    private final Path folder;

    QuickstartGivenRedisIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void quickstart_redisWithOtherKeys_isRestoredAfterwards() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 500, /* dead= */ 70);

            try (QuickstartRun run = QuickstartRun.start(folder, "--redis", redis.uri(), "--keys", "3000")) {
                assertThat(run.exitCode()).as(run.err()).isZero();

                assertThat(run.out())
                        .contains("It works: the scan reclaimed all 1,000 expired keys")
                        .contains("At least 70 more than planted")
                        .contains("/scan-expire-keys-task");
                assertThat(run.filesLeft()).isEmpty();
            }
            assertThat(client.callLong("DBSIZE")).isEqualTo(500);

            client.call("SET", "short", "v", "PX", "1");
            // The server's own expiry is on again, and removes the expired key.
            await("the expired key is removed").until(() -> client.callLong("DBSIZE") == 500);
        }
    }

    @Test
    void quickstart_redisThatRefusesDebug_isCheckedWithItsOwnExpiryOn() throws Exception {
        try (RedisServer redis =
                        RedisServer.start(RedisVersion.VALKEY_8, "--enable-debug-command", "no", "--requirepass", "s");
                QuickstartRun run = QuickstartRun.start(
                        folder, "--json", "--redis", redis.uri(), "--password=s", "--keys", "3000")) {
            assertThat(run.exitCode()).as(run.err()).isZero();

            JsonNode result = JsonMapper.builder().build().readTree(run.out());
            assertThat(result.path("planted").asLong()).isEqualTo(1_000);
            assertThat(result.path("reclaimed").asLong()).isLessThanOrEqualTo(1_000);
            assertThat(run.err()).contains("refuses DEBUG");

            try (RespClient client = redis.client()) {
                client.call("AUTH", "s");
                assertThat(client.callLong("DBSIZE")).isZero();
            }
        }
    }
}
