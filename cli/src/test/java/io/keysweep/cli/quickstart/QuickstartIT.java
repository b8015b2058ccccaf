package io.keysweep.cli.quickstart;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.service.CreatedScan;
import io.keysweep.cli.service.ServiceAccess;
import io.keysweep.cli.service.ServiceClient;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the whole quickstart with a real Redis and the real service, in processes that receive signals. */
@Execution(ExecutionMode.CONCURRENT)
final class QuickstartIT {

    private final Path folder;

    QuickstartIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keep_untilSigterm_servesAndThenLeavesNothing() throws Exception {
        try (QuickstartRun run = QuickstartRun.start(folder, "--json", "--keep", "--keys", "30000")) {
            JsonNode result = JsonMapper.builder().build().readTree(run.awaitLine());
            URI redis = URI.create(result.path("redisUri").asString());
            ServiceAccess access = new ServiceAccess(
                    URI.create(result.path("endpoint").asString()),
                    result.path("projectId").asString(),
                    result.path("accessKey").asString(),
                    result.path("secretKey").asString());

            assertThat(result.propertyNames())
                    .containsExactly(
                            "planted",
                            "visited",
                            "reclaimed",
                            "seconds",
                            "keysPerSecond",
                            "longestStallMs",
                            "usedMemoryBefore",
                            "usedMemoryAfter",
                            "endpoint",
                            "projectId",
                            "instanceId",
                            "accessKey",
                            "secretKey",
                            "redisUri");
            assertThat(result.path("planted").asLong()).isEqualTo(10_000);
            assertThat(result.path("reclaimed").asLong()).isEqualTo(10_000);
            assertThat(result.path("visited").asLong()).isGreaterThanOrEqualTo(30_000);
            assertThat(result.path("seconds").asDouble()).isPositive();
            assertThat(result.path("usedMemoryAfter").asLong())
                    .isLessThan(result.path("usedMemoryBefore").asLong());
            try (RespClient client = RespClient.connect(redis.getPort());
                    ServiceClient service = new ServiceClient(access, InstantSource.system())) {
                assertThat(client.callLong("DBSIZE")).isEqualTo(20_000);
                CreatedScan again = service.createScan(result.path("instanceId").asString());
                assertThat(again.status()).isEqualTo("waiting");
            }

            assertThat(run.terminate().exitCode()).isZero();

            assertThat(run.out()).hasLineCount(1);
            assertThat(QuickstartRun.listens(redis)).isFalse();
            assertThat(QuickstartRun.listens(access.endpoint())).isFalse();
            assertThat(run.filesLeft()).isEmpty();
        }
    }

    @Test
    void sigterm_whileStarting_isExitCode130AndLeavesNothing() throws Exception {
        try (QuickstartRun run = QuickstartRun.start(folder)) {
            run.awaitErr("Planting");

            assertThat(run.terminate().exitCode()).isEqualTo(130);

            assertThat(run.out()).isEmpty();
            run.awaitNothingLeft();
        }
    }

    @Test
    void sigkill_whileStarting_leavesNothing() throws Exception {
        try (QuickstartRun run = QuickstartRun.start(folder)) {
            run.awaitErr("Planting");

            run.kill();

            run.awaitNothingLeft();
        }
    }

    @Test
    void givenRedis_withOtherKeys_isRestoredAfterwards() throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client()) {
            KeySpace.frozen(client).plant(0, 500, 70);

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
    void givenRedis_thatRefusesDebug_isCheckedWithItsOwnExpiryOn() throws Exception {
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
