package io.keysweep.benchmarks.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.result.ResultFile;
import io.keysweep.testkit.RedisVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the comparison on a tiny key space and checks counts and JSON; the figures mean nothing at this size.
 *
 * <p>The comparison measures contenders, which are ways to remove expired keys: for example {@code full} and {@code
 * gentle} are sweeps with these profiles, {@code redis-cli} is a SCAN by that program, and {@code limit} is one
 * blocking script with SCAN alone, which is the fastest way. A ratio divides a figure of one contender by the same
 * figure of another. A bar is the value that a ratio must reach.
 */
class ComparisonIT {

    private static final int EXPIRED = 2_000;

    @Test
    void run_tinyKeySpace_hasAllRatiosAndReclaimsEveryExpiredKey(@TempDir Path folder)
            throws IOException, InterruptedException {
        ComparisonSpec spec = new ComparisonSpec(
                "tiny",
                "dev/bench tiny",
                RedisVersion.REDIS_7_0,
                /* clusterMode= */ false,
                /* ownCore= */ false,
                new KeySpaceSize(/* persistent= */ 4_000, EXPIRED, /* valueSize= */ 20),
                /* rounds= */ 1,
                /* only= */ Set.of(),
                /* slice= */ Duration.ofMillis(100),
                /* foregroundRate= */ 0);

        ComparisonResult result = new Comparison(spec, line -> {}).run();
        Path file = ResultFile.write(folder, "tiny", "7.0", result);

        // The file has all ratios, and the bars of the ratios that have one.
        JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
        assertThat(json.get("ratios").propertyNames())
                .containsExactlyInAnyOrder(
                        "fullRateVsLimit",
                        "fullCpuPerKeyVsLimit",
                        "fullRateVsRedisCli",
                        "fullCpuPerKeyVsRedisCli",
                        "limitRateVsRedisCli",
                        "limitCpuPerKeyVsRedisCli",
                        "gentleStallP99VsDcsWay",
                        "gentleRateVsDcsWay",
                        "fullBytesPerKey");

        assertThat(json.get("bars").get("fullBytesPerKey").get("limit").asDouble())
                .isEqualTo(0.1);

        // Each contender that visits all keys has reclaimed all expired keys, and counted them if it counts keys.
        assertThat(json.get("contenders"))
                .filteredOn(contender -> contender.get("coverage").asString().equals("WHOLE"))
                .as("the contenders that visit all keys")
                .hasSize(7)
                .allSatisfy(contender -> {
                    JsonNode figures = contender.get("rounds").get(0);
                    assertThat(figures.get("reclaimed").asInt()).isEqualTo(EXPIRED);
                    assertThat(figures.get("counted").asInt(EXPIRED)).isEqualTo(EXPIRED);
                    assertThat(figures.get("leftBehind").asInt()).isZero();
                });

        // The printed table names all kinds of contenders. The number after a name is a setting of the contender.
        assertThat(ComparisonTable.of(result)).contains("limit", "redis-cli", "dcs-way 1000", "full", "native 10");
    }
}
