package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.Ending;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests when assist ends because raised settings no longer gain enough. */
final class AssistPayoffTest {

    /** The keys with a TTL on the server. */
    private static final long VOLATILE = 200_000;

    @Test
    void ending_noKeyWithTtlLeft_isNothingLeft() {
        assertThat(AssistPayoff.START
                        .with(new AssistSample(
                                /* seconds= */ 0.05,
                                /* reclaimed= */ 10,
                                /* busySeconds= */ 0.01,
                                /* dead= */ 0,
                                /* stalePercent= */ 0,
                                /* volatileKeys= */ 0))
                        .ending())
                .isEqualTo(Ending.NOTHING_LEFT);
    }

    @Test
    void ending_littleIsStaleAndLittleReclaimed_waitsForASecond() {
        assertThat(after(3, 0.25, 100, 0.1, 500)).isNull();
        assertThat(after(4, 0.25, 100, 0.1, 500)).isEqualTo(Ending.LITTLE_LEFT);
    }

    @Test
    void ending_littleIsStaleButMuchReclaimed_goesOn() {
        assertThat(after(8, 0.25, 1_000, 0.1, 500)).isNull();
    }

    @Test
    void ending_muchIsStaleAndNothingReclaimed_endsOnceTheBacklogDoesNotFall() {
        assertThat(after(43, 0.25, 0, 0.1, 20_000)).isNull();
        assertThat(after(44, 0.25, 0, 0.1, 20_000)).isEqualTo(Ending.NOT_FALLING);
    }

    @Test
    void ending_estimateRisesAtFirstAndThenFallsSlowly_goesOn() {
        AssistPayoff payoff = AssistPayoff.START.with(sample(0.05, 1_000, 0.01, 72_000));
        for (int i = 0; i < 200; i++) {
            // It falls by 4 % in 10 s, and is above the first value for 70 s.
            payoff = payoff.with(sample(0.25, 1_000, 0.1, 100_000 - 100L * i));
            assertThat(payoff.ending()).isNull();
        }
    }

    @Test
    void ending_backlogFalls_goesOn() {
        AssistPayoff payoff = AssistPayoff.START;
        for (int i = 0; i < 200; i++) {
            payoff = payoff.with(sample(0.25, 1_000, 0.1, 100_000 - 400L * i));
            assertThat(payoff.ending()).isNull();
        }
    }

    @Test
    void ending_serverReportsNoEstimate_followsTheYieldAlone() {
        assertThat(after(60, 0.25, 1_000, 0.1, -1)).isNull();
        assertThat(after(4, 0.25, 10, 0.1, -1)).isEqualTo(Ending.LITTLE_LEFT);
    }

    /**
     * Returns the ending after some equal samples, or null if assist goes on.
     *
     * @param samples the number of samples
     * @param seconds how long the settings are raised for each sample, s
     * @param reclaimed the keys that the server reclaims in this time
     * @param busy the main thread's time that assist takes in this time, s
     * @param dead the server's own estimate of dead keys; -1 if it reports none
     */
    private static @Nullable Ending after(int samples, double seconds, long reclaimed, double busy, long dead) {
        AssistPayoff payoff = AssistPayoff.START;
        for (int i = 0; i < samples; i++) {
            payoff = payoff.with(sample(seconds, reclaimed, busy, dead));
        }
        return payoff.ending();
    }

    private static AssistSample sample(double seconds, long reclaimed, double busy, long dead) {
        return new AssistSample(seconds, reclaimed, busy, dead, Math.max(0, 100.0 * dead / VOLATILE), VOLATILE);
    }
}
