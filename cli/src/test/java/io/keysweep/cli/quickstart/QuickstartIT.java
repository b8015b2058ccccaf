package io.keysweep.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.service.CreatedScan;
import io.keysweep.cli.service.ServiceAccess;
import io.keysweep.cli.service.ServiceClient;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.testkit.RespClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the whole quickstart with a Redis of its own and the real service, in processes that receive signals. {@link
 * QuickstartGivenRedisIT} tests the quickstart with a Redis that the user names.
 */
@Execution(ExecutionMode.CONCURRENT)
// The class takes long, so it starts first; see junit-platform.properties.
@Order(1)
final class QuickstartIT {

    private final Path folder;

    QuickstartIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keep_untilSigterm_servesAndLeavesNothingAfterwards() throws Exception {
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
            // If the reply to a step is lost on a busy machine, its expired keys are counted as reclaimed but not as
            // visited.
            assertThat(result.path("visited").asLong()).isGreaterThanOrEqualTo(29_000);
            assertThat(result.path("seconds").asDouble()).isPositive();
            assertThat(result.path("usedMemoryAfter").asLong())
                    .isLessThan(result.path("usedMemoryBefore").asLong());

            // The Redis server and the service still run.
            try (RespClient client = RespClient.connect(redis.getPort());
                    ServiceClient service = new ServiceClient(access, InstantSource.system())) {
                assertThat(client.callLong("DBSIZE")).isEqualTo(20_000);

                CreatedScan secondScan =
                        service.createScan(result.path("instanceId").asString());
                assertThat(secondScan.status()).isEqualTo("waiting");
            }

            assertThat(run.terminate().exitCode()).isZero();

            // Both have ended, and no file is left.
            assertThat(run.out()).hasLineCount(1);
            assertThat(QuickstartRun.listens(redis)).isFalse();
            assertThat(QuickstartRun.listens(access.endpoint())).isFalse();
            assertThat(run.filesLeft()).isEmpty();
        }
    }

    @Test
    void sigterm_duringTheStart_interruptsAndLeavesNothing() throws Exception {
        try (QuickstartRun run = QuickstartRun.start(folder)) {
            run.awaitErr("Planting");

            assertThat(run.terminate().exitCode()).isEqualTo(ExitCode.INTERRUPTED.number());

            assertThat(run.out()).isEmpty();
            run.awaitNothingLeft();
        }
    }

    @Test
    void sigkill_duringTheStart_leavesNothing() throws Exception {
        try (QuickstartRun run = QuickstartRun.start(folder)) {
            run.awaitErr("Planting");

            run.kill();

            run.awaitNothingLeft();
        }
    }
}
