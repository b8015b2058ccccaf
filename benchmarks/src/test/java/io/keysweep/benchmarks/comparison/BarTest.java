package io.keysweep.benchmarks.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.testkit.RedisVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Tests which ratios of a benchmark meet their bars (the values that they must reach), and which miss them.
 *
 * <p>A ratio compares two contenders (ways to remove expired keys), for example the sweep {@code full} and {@code
 * Limit}, which is one script that blocks the server.
 */
class BarTest {

    @Test
    void check_ofRatiosWithMinimumOrMaximum_saysWhichBarsAreMet() {
        Map<String, CheckedBar> checks = Bar.check(
                RedisVersion.REDIS_7_0,
                Map.of(
                        "fullRateVsLimit", 0.9,
                        "fullRateVsRedisCli", 2.99,
                        "fullCpuPerKeyVsLimit", 1.21,
                        "fullBytesPerKey", 0.1,
                        "gentleRateVsDcsWay", 1.0));

        assertThat(checks)
                .as("the checked ratios, without gentleRateVsDcsWay, which has no bar")
                .hasSize(4);
        assertThat(checks.get("fullRateVsLimit")).hasToString(">= 0.9  met");
        assertThat(checks.get("fullRateVsRedisCli")).hasToString(">= 3.0  MISSED");
        assertThat(checks.get("fullCpuPerKeyVsLimit")).hasToString("<= 1.2  MISSED");
        assertThat(checks.get("fullBytesPerKey")).hasToString("<= 0.1  met");
    }
}
