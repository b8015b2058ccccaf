package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.Ending;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests when assist ends because raised settings no longer gain enough. */
final class AssistPayoffTest {

    private static final long VOLATILE = 200_000;

    @Test
    void ending_noKeyWithTtlLeft_isNothingLeft() {
        assertThat(AssistPayoff.START
                        .with(new AssistSample(0.05, 10, 0.01, 0, 0, 0))
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
