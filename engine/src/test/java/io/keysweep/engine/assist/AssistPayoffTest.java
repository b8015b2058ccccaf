package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests when assist ends because raised settings no longer gain enough.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
final class AssistPayoffTest {

    /** The number of keys with a TTL on the server. */
    private static final long VOLATILE = 200_000;

    /** The time for which the settings are raised in each sample, s. */
    private static final double SECONDS = 0.25;

    /** The main thread's time that assist takes in each sample, s. */
    private static final double BUSY_SECONDS = 0.1;

    @Test
    void ending_noKeyWithTtlLeft_isNothingLeft() {
        assertThat(AssistPayoff.START
                        .with(new AssistSample(
                                /* seconds= */ 0.05,
                                /* gained= */ 10,
                                /* busySeconds= */ 0.01,
                                /* dead= */ 0,
                                /* stalePercent= */ 0,
                                /* volatileKeys= */ 0))
                        .ending())
                .isEqualTo(AssistEnding.NOTHING_LEFT);
    }

    @Test
    void ending_littleIsStaleAndLittleGained_waitsForASecond() {
        // A sample lasts 0.25 s, so four samples are a second.
        assertThat(endingAfter(/* samples= */ 3, /* gained= */ 100, /* dead= */ 500))
                .isNull();
        assertThat(endingAfter(/* samples= */ 4, /* gained= */ 100, /* dead= */ 500))
                .isEqualTo(AssistEnding.LITTLE_LEFT);
    }

    @Test
    void ending_littleIsStaleButMuchGained_continues() {
        assertThat(endingAfter(/* samples= */ 8, /* gained= */ 1_000, /* dead= */ 500))
                .isNull();
    }

    /** Keys expire all the time, and the cycle keeps the dead ones at the percentage at which it stops. */
    @ParameterizedTest
    @CsvSource({"0, 6", "0, 250", "1000, 6", "1800, 25", "1800, 250", "2800, 250"})
    void ending_littleIsStaleAndKeysExpireAllTheTime_isLittleLeftAfterTenSeconds(long dead, long gained) {
        assertThat(endingAfter(/* samples= */ 50, gained, dead)).isEqualTo(AssistEnding.LITTLE_LEFT);
    }

    @Test
    void ending_muchIsStaleAndNothingGained_endsOnceTheBacklogDoesNotFall() {
        // 44 samples last 11 s: the first second, which is not examined, and 10 s without progress.
        assertThat(endingAfter(/* samples= */ 43, /* gained= */ 0, /* dead= */ 20_000))
                .isNull();
        assertThat(endingAfter(/* samples= */ 44, /* gained= */ 0, /* dead= */ 20_000))
                .isEqualTo(AssistEnding.NOT_FALLING);
    }

    @Test
    void ending_estimateRisesAtFirstAndThenFallsSlowly_continues() {
        AssistPayoff payoff = AssistPayoff.START.with(new AssistSample(
                /* seconds= */ 0.05,
                /* gained= */ 1_000,
                /* busySeconds= */ 0.01,
                /* dead= */ 72_000,
                /* stalePercent= */ 36,
                VOLATILE));
        for (int i = 0; i < 200; i++) {
            // The estimate falls by 4 % in 10 s, and is above the first value for 70 s.
            payoff = payoff.with(sample(/* gained= */ 1_000, /* dead= */ 100_000 - 100L * i));
            assertThat(payoff.ending()).isNull();
        }
    }

    @Test
    void ending_backlogFalls_continues() {
        AssistPayoff payoff = AssistPayoff.START;
        for (int i = 0; i < 200; i++) {
            payoff = payoff.with(sample(/* gained= */ 1_000, /* dead= */ 100_000 - 400L * i));
            assertThat(payoff.ending()).isNull();
        }
    }

    @Test
    void ending_serverReportsNoEstimate_followsTheYieldAlone() {
        assertThat(endingAfter(/* samples= */ 60, /* gained= */ 1_000, /* dead= */ -1))
                .isNull();
        assertThat(endingAfter(/* samples= */ 4, /* gained= */ 10, /* dead= */ -1))
                .isEqualTo(AssistEnding.LITTLE_LEFT);
    }

    /**
     * Returns the ending after some equal samples, or null if assist continues.
     *
     * @param samples the number of samples
     * @param gained the keys that assist gains in each sample
     * @param dead the server's own estimate of dead keys; -1 if it reports none
     */
    private static @Nullable AssistEnding endingAfter(int samples, long gained, long dead) {
        AssistPayoff payoff = AssistPayoff.START;
        for (int i = 0; i < samples; i++) {
            payoff = payoff.with(sample(gained, dead));
        }
        return payoff.ending();
    }

    private static AssistSample sample(long gained, long dead) {
        double stalePercent = Math.max(0, 100.0 * dead / VOLATILE);
        return new AssistSample(SECONDS, gained, BUSY_SECONDS, dead, stalePercent, VOLATILE);
    }
}
