package io.keysweep.engine.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the estimated duration of a sweep for each kind of server. */
final class SweepCostTest {

    @ParameterizedTest
    @CsvSource({
        "REDIS, 7.0.15, 1.8",
        "VALKEY, 8.0.1, 1.5",
        "VALKEY, 8.1.1, 0.7",
        "VALKEY, 9.1.2, 0.7",
        "UNKNOWN, 1, 2.1"
    })
    void microsPerKey_kindOfServer_isTheMeasuredTime(Flavour flavour, String version, double micros) {
        assertThat(SweepCost.of(1, flavour, version).microsPerKey()).isEqualTo(micros);
    }

    @Test
    void durations_profiles_followTheirShares() {
        SweepCost cost = SweepCost.of(10_000_000, Flavour.REDIS, "7.0.15");

        assertThat(cost.full()).isEqualTo(Duration.ofSeconds(18));
        assertThat(cost.balanced()).isEqualTo(Duration.ofSeconds(36));
        assertThat(cost.gentle()).isEqualTo(Duration.ofSeconds(72));
    }
}
