package io.keysweep.benchmarks.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.testkit.RedisVersion;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarTest {

    @Test
    void verdicts_eitherSideOfBothKindsOfBar_areTold() {
        Map<String, Bar.Verdict> verdicts = Bar.verdicts(
                RedisVersion.REDIS_7_0,
                Map.of(
                        "fullRateVsLimit", 0.9,
                        "fullRateVsRedisCli", 2.99,
                        "fullCpuPerKeyVsLimit", 1.21,
                        "fullBytesPerKey", 0.1,
                        "gentleRateVsDcsWay", 1.0));
        assertThat(verdicts).hasSize(4);
        assertThat(verdicts.get("fullRateVsLimit")).hasToString(">= 0.9  met");
        assertThat(verdicts.get("fullRateVsRedisCli")).hasToString(">= 3.0  MISSED");
        assertThat(verdicts.get("fullCpuPerKeyVsLimit")).hasToString("<= 1.2  MISSED");
        assertThat(verdicts.get("fullBytesPerKey")).hasToString("<= 0.1  met");
    }
}
