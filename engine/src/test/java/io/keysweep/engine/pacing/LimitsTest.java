package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the rules for the thresholds soft, hard and critical of a limit, and how limits are changed and combined. */
final class LimitsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | 2 | soft is 0.0, must be above 0",
                "-1 | 1 | 2 | soft is -1.0, must be above 0",
                "NaN | 1 | 2 | soft is NaN, must be above 0",
                "2 | 1 | 2 | hard is 1.0, must be at least soft, which is 2.0",
                "1 | NaN | 2 | hard is NaN, must be at least soft, which is 1.0",
                "1 | 3 | 2 | critical is 2.0, must be at least hard, which is 3.0"
            })
    void limit_invalidThreshold_isRejectedWithValueAndRule(double soft, double hard, double critical, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Limit(soft, hard, critical))
                .withMessage(message);
    }

    @Test
    void withHard_invalidThreshold_isRejectedWithSignal() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Limits.GENTLE.withHard(Signal.EVICTIONS, -3))
                .withMessage("evictions is -3.0, must be above 0");
    }

    @Test
    void withHard_lowerThreshold_lowersTheOthersInProportion() {
        assertThat(new Limit(5, 200, 2_000).withHard(100)).isEqualTo(new Limit(2.5, 100, 1_000));

        // If the hard threshold was off, the soft threshold becomes at most half of the new one.
        assertThat(new Limit(1_000, Limit.OFF, Limit.OFF).withHard(50)).isEqualTo(new Limit(25, 50, Limit.OFF));
        assertThat(Limit.NONE.withHard(50)).isEqualTo(new Limit(25, 50, Limit.OFF));
    }

    @Test
    void withHard_aboveTheCurrentHardLimit_leavesTheSoftLimit() {
        assertThat(new Limit(5, 200, 2_000).withHard(600)).isEqualTo(new Limit(5, 600, 2_000));
        assertThat(new Limit(5, 200, 2_000).withHard(3_000)).isEqualTo(new Limit(5, 3_000, 3_000));

        // This is the limit of the profile gentle for evictions: it has a soft threshold, but no hard one.
        assertThat(new Limit(1_000, Limit.OFF, Limit.OFF).withHard(10_000))
                .isEqualTo(new Limit(1_000, 10_000, Limit.OFF));
    }

    @Test
    void tightenedTo_otherLimits_takesTheLowerThresholds() {
        Limits tightenedLimits = Limits.FULL
                .with(Signal.OPERATIONS, new Limit(1, 2, 3))
                .tightenedTo(Limits.GENTLE.with(Signal.REPLICA_SILENCE, new Limit(5, 20, 40)));

        assertThat(tightenedLimits.of(Signal.LATENCY)).isEqualTo(Limits.GENTLE.of(Signal.LATENCY));
        assertThat(tightenedLimits.of(Signal.CPU)).isEqualTo(Limits.GENTLE.of(Signal.CPU));
        assertThat(tightenedLimits.of(Signal.REPLICA_SILENCE)).isEqualTo(new Limit(3, 10, 40));
        assertThat(tightenedLimits.of(Signal.OPERATIONS)).isEqualTo(new Limit(1, 2, 3));
        assertThat(Limits.GENTLE.tightenedTo(Limits.FULL)).isEqualTo(Limits.GENTLE);
    }

    @Test
    void of_signalWithoutLimit_isNone() {
        assertThat(Limits.GENTLE.of(Signal.OPERATIONS)).isEqualTo(Limit.NONE);
    }

    @Test
    void with_oneLimit_keepsTheOthers() {
        Limits changedLimits = Limits.GENTLE.with(Signal.OPERATIONS, new Limit(1, 2, 3));
        assertThat(changedLimits.of(Signal.OPERATIONS)).isEqualTo(new Limit(1, 2, 3));
        assertThat(changedLimits.of(Signal.LATENCY)).isEqualTo(Limits.GENTLE.of(Signal.LATENCY));
        assertThat(Limits.GENTLE.of(Signal.OPERATIONS)).isEqualTo(Limit.NONE);
    }

    @Test
    void profiles_clientDoesNotReadItsMessages_slowDownAndHoldBeforeTheServerDisconnectsIt() {
        for (Limits limits : List.of(Limits.GENTLE, Limits.BALANCED, Limits.FULL)) {
            // By default, a server disconnects a subscriber with more than 8 MiB for a minute, or with 32 MiB.
            assertThat(limits.of(Signal.OUTPUT_BUFFER).soft()).isLessThanOrEqualTo(8 << 20);
            assertThat(limits.of(Signal.OUTPUT_BUFFER).hard()).isLessThan(32 << 20);
        }
    }

    @Test
    void profiles_replicaLagGrows_holdBeforeTheServerDisconnectsTheReplica() {
        for (Limits limits : List.of(Limits.GENTLE, Limits.BALANCED, Limits.FULL)) {
            // By default, a server disconnects a replica that is 64 MiB behind for a minute.
            assertThat(limits.of(Signal.REPLICA_LAG).hard()).isLessThan(64 << 20);
            assertThat(limits.of(Signal.REPLICA_SILENCE).hard()).isFinite();
            assertThat(limits.of(Signal.LATENCY).critical()).isFinite();
        }
    }
}
