package io.keysweep.engine.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the options that {@link AdviceOptions} and {@link OwnExpiryOptions} calculate: their backlogs and costs. */
final class AdviceOptionsTest {

    /**
     * Tests the two continuous ways against {@code ./dev/bench starvation}, where 5,000 of 1,600,000 keys die per
     * second (benchmarks/results/starvation-*.json).
     */
    @Test
    void continuousWays_inTheStarvationScene_agreeWithTheMeasurements() {
        Advice advice = Advice.of(Situations.of(2_250_000, 2_250_000, 650_000, 5_000.0, SettingsAccess.REPORTED));

        assertThat(advice.toleratedBacklog()).isEqualTo(45_000);
        // Measured: 32,000 to 39,600 dead keys, for 5.8 % (Redis 7.0) to 9.5 % (Valkey 9) of a core.
        Option assist = Situations.option(advice, AdvisedAction.CONTINUOUS_ASSIST);
        assertThat(assist.expectedBacklog()).isBetween(32_000L, 40_000L);
        assertThat(assist.serverSecondsPerDay() / 86_400).isBetween(0.058, 0.1);
        // Measured: 23,000 to 44,000 dead keys. The service aims at 75 % of the target.
        Option sweeps = Situations.option(advice, AdvisedAction.CONTINUOUS_PASSES);
        assertThat(sweeps.expectedBacklog()).isBetween(33_000L, 34_000L);
        assertThat(sweeps.serverSecondsPerDay() / 86_400).isBetween(0.2, 0.25);
        assertThat(advice.sentence())
                .isEqualTo("Allow assist in the service, and set a backlog target of 45,000: the server's own expiry"
                        + " then works harder all the time.");
    }

    @Test
    void continuousAssist_whenFewKeysDie_costsWhatTheIdleCycleTakes() {
        Option assist = Situations.option(
                Advice.of(Situations.of(1_000_000, 100_000, 0, 1.0, SettingsAccess.REPORTED)),
                AdvisedAction.CONTINUOUS_ASSIST);

        assertThat(assist.serverSecondsPerDay() / 86_400).isBetween(0.012, 0.014);
    }

    @Test
    void longestPause_ofEachWay_isTheLongestTimeOfACycleOrAStep() {
        Advice advice = Advice.of(Situations.of(1_000_000, 400_000, 30_000, 90.0, SettingsAccess.REPORTED));

        assertThat(Situations.option(advice, AdvisedAction.NOTHING).longestPauseMillis())
                .isEqualTo(25);
        assertThat(Situations.option(advice, AdvisedAction.ASSIST).longestPauseMillis())
                .isEqualTo(3.25);
        assertThat(Situations.option(advice, AdvisedAction.CONTINUOUS_ASSIST).longestPauseMillis())
                .isEqualTo(3.25);
        assertThat(advice.options())
                .filteredOn(option -> List.of(
                                AdvisedAction.PASSES, AdvisedAction.CONTINUOUS_PASSES, AdvisedAction.FULL_SWEEP)
                        .contains(option.action()))
                .extracting(Option::longestPauseMillis)
                .containsOnly(0.5);
        // At hz 10, a higher effort makes pauses of 27 to 43 ms, so hz is raised, too.
        Option setting = Situations.option(advice, AdvisedAction.SETTING);
        assertThat(setting.setting()).endsWith(", hz 100");
        assertThat(setting.longestPauseMillis()).isBetween(2.5, 4.3);
    }

    @Test
    void setting_whenPausesStayShort_isTheEffortAlone() {
        Option setting = Situations.option(
                Advice.of(new ExpirySituation(
                        /* keys= */ 50_000_000,
                        /* volatileKeys= */ 20_000_000,
                        /* dead= */ 2_000_000,
                        /* inflowPerSecond= */ 2_000.0,
                        ExpiryCycle.withEffort(/* hz= */ 100, /* effort= */ 1),
                        /* cycleRuns= */ true,
                        /* efficiency= */ 1,
                        SettingsAccess.REPORTED,
                        /* microsPerKey= */ 1.8)),
                AdvisedAction.SETTING);

        assertThat(setting.setting()).matches("active-expire-effort \\d+");
    }

    /**
     * Tests that assist is one of the ways if it would raise a setting: it sets {@code active-expire-effort} to 10 and
     * {@code hz} to 500.
     */
    @ParameterizedTest
    @CsvSource({"1, 10, true", "10, 10, true", "10, 499, true", "9, 500, true", "10, 500, false"})
    void assist_atTheServersSettings_isOfferedIfItRaisesOne(int effort, int hz, boolean isOffered) {
        Advice advice = Advice.of(new ExpirySituation(
                /* keys= */ 50_000_000,
                /* volatileKeys= */ 20_000_000,
                /* dead= */ 2_000_000,
                /* inflowPerSecond= */ 60.0,
                ExpiryCycle.withEffort(hz, effort),
                /* cycleRuns= */ true,
                /* efficiency= */ 1,
                SettingsAccess.REPORTED,
                /* microsPerKey= */ 1.8));

        assertThat(advice.options())
                .extracting(Option::action)
                .filteredOn(action -> action == AdvisedAction.ASSIST || action == AdvisedAction.CONTINUOUS_ASSIST)
                .hasSize(isOffered ? 2 : 0);
    }

    /**
     * The server removes a quarter of the keys that the model expects. The model then calculates with four times the
     * inflow.
     */
    @Test
    void nothing_serverRemovesFewerKeysThanExpected_leavesALargerBacklog() {
        Option usual = Situations.option(
                Advice.of(measuredSituation(/* inflow= */ 90.0, /* efficiency= */ 1)), AdvisedAction.NOTHING);
        Option slow = Situations.option(
                Advice.of(measuredSituation(/* inflow= */ 90.0, /* efficiency= */ 0.25)), AdvisedAction.NOTHING);
        Option busy = Situations.option(
                Advice.of(measuredSituation(/* inflow= */ 360.0, /* efficiency= */ 1)), AdvisedAction.NOTHING);

        assertThat(slow.expectedBacklog())
                .isGreaterThan(usual.expectedBacklog())
                .isEqualTo(busy.expectedBacklog());
    }

    /** Of 300,000 keys with a TTL, 494 die per second: in a week, that would be a thousand times as many keys. */
    @Test
    void backlog_ofAnyWay_isAtMostAllKeysWithATtl() {
        Advice advice = Advice.of(Situations.of(350_000, 300_000, 0, 494.0, SettingsAccess.REPORTED));

        assertThat(advice.options())
                .allSatisfy(option -> assertThat(option.expectedBacklog())
                        .as(option.action().name())
                        .isLessThanOrEqualTo(300_000));
    }

    private static ExpirySituation measuredSituation(double inflow, double efficiency) {
        return new ExpirySituation(
                /* keys= */ 1_000_000,
                /* volatileKeys= */ 400_000,
                /* dead= */ 0,
                inflow,
                ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1),
                /* cycleRuns= */ true,
                efficiency,
                SettingsAccess.REPORTED,
                /* microsPerKey= */ 1.8);
    }
}
