package io.keysweep.engine.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests which way of dealing with dead keys {@link Advice} recommends.
 *
 * <p>The advice depends on the number of dead keys, their inflow (the keys that die per second) and the cost of each
 * way.
 */
final class AdviceTest {

    /**
     * Tests one situation per row. The columns are keys, keys with a TTL, dead keys, keys that die per second (empty if
     * unknown), whether the server's settings can be changed, and the expected advice.
     */
    @ParameterizedTest
    @CsvSource({
        // No key has a TTL.
        "1000000, 0, 0, 0, REPORTED, NOTHING",
        // Few keys die, and few are dead.
        "1000000, 100000, 500, 0.01, REPORTED, NOTHING",
        // Nearly all keys with a TTL are dead: the server clears them by itself.
        "10000000, 1500000, 1490000, 0, REPORTED, NOTHING",
        // Fewer keys with a TTL: within a day, the samples of the server's cycle find them all.
        "1000000, 400000, 30000, 0, REPORTED, NOTHING",
        // Many keys with a TTL: more of them die than the samples of the cycle find.
        "50000000, 20000000, 2000000, 60, REPORTED, SETTING",
        // Fewer of them die, so that assist every day is cheaper than a setting that works all the time.
        "50000000, 20000000, 2000000, 8, REPORTED, ASSIST",
        // An old backlog that hardly grows, on a server without the setting.
        "50000000, 49000000, 4000000, 0.1, MISSING, FULL_SWEEP",
        // ./dev/bench starvation, with 1,600,000 living keys: assist has kept 39,000 dead keys.
        "2250000, 2250000, 650000, 5000, REPORTED, CONTINUOUS_ASSIST",
        // The same scene, but 33,000 dead keys are too many for assist: sweeps have kept 23,000 to 44,000.
        "1640000, 1640000, 40000, 5000, REPORTED, CONTINUOUS_PASSES",
        // The same scene, and the server does not report its settings.
        "2250000, 2250000, 650000, 5000, REFUSED, CONTINUOUS_PASSES",
        // Unknown inflow: the current backlog decides.
        "1000000, 100000, 500, , REPORTED, NOTHING",
        // It can be the backlog that the server's own expiry always leaves.
        "1000000, 400000, 30000, , REPORTED, FULL_SWEEP",
        // So many dead keys do not stay.
        "1000000, 400000, 200000, , REPORTED, NOTHING",
    })
    void advice_inEachSituation_isTheCheapestThatIsEnough(
            long keys,
            long volatileKeys,
            long dead,
            @Nullable Double inflow,
            SettingsAccess settings,
            AdvisedAction expected) {
        Advice advice = Advice.of(Situations.of(keys, volatileKeys, dead, inflow, settings));

        assertThat(advice.action()).as("the action of: %s", advice).isEqualTo(expected);
        assertThat(advice.options().getFirst().action()).isEqualTo(expected);
        assertThat(advice.options().getFirst().enough()).isTrue();
        assertThat(advice.inflowPerSecond()).isEqualTo(inflow);
    }

    @Test
    void passes_whenSettingsCannotBeChanged_areFrequentEnough() {
        Advice advice =
                Advice.of(Situations.of(10_000_000, 9_000_000, 500_000, /* inflow= */ 20.0, SettingsAccess.MISSING));

        assertThat(advice.action()).isEqualTo(AdvisedAction.PASSES);

        Option passes = advice.options().getFirst();
        assertThat(passes.interval()).isEqualTo(Duration.ofHours(1));
        // In an hour, 72,000 keys die. Each of the 24 passes visits 10,000,000 keys, which takes 18 s.
        assertThat(passes.expectedBacklog()).isBetween(72_000L, 80_000L);
        assertThat(passes.serverSecondsPerDay()).isBetween(400.0, 450.0);
        assertThat(advice.sentence()).isEqualTo("Sweep every 1 h.");
    }

    @Test
    void sentence_ofAssistOnceADay_hasTheIntervalInDays() {
        Advice advice = Advice.of(Situations.of(50_000_000, 20_000_000, 2_000_000, 8.0, SettingsAccess.REPORTED));

        assertThat(advice.options().getFirst().interval()).isEqualTo(Duration.ofDays(1));
        assertThat(advice.sentence())
                .isEqualTo("Run 'keysweep sweep --assist-only' every 1 d: it visits only the keys with a TTL.");
    }

    @Test
    void sentence_whenMoreKeysDieThanAnyOptionRemoves_saysSo() {
        Advice advice = Advice.of(Situations.of(10_000_000, 9_000_000, 500_000, 10_000.0, SettingsAccess.MISSING));

        // A sweep of 9,500,000 keys takes 68 s, in which 684,000 keys die. On average, a key is visited 34 s before.
        assertThat(advice.options()).noneMatch(Option::enough);
        assertThat(advice.action()).isEqualTo(AdvisedAction.CONTINUOUS_PASSES);
        assertThat(advice.options().getFirst().expectedBacklog()).isBetween(340_000L, 344_000L);
        assertThat(advice.sentence())
                .isEqualTo("Set a backlog target of 200,000 in the service: it then sweeps without a break. Of all ways"
                        + " compared, it leaves the fewest dead keys, but more than are tolerated.");
    }

    @Test
    void options_inAnySituation_areListedWithTheirBacklog() {
        Advice advice = Advice.of(Situations.of(1_000_000, 400_000, 30_000, 90.0, SettingsAccess.REPORTED));

        assertThat(advice.options())
                .extracting(Option::action)
                .containsExactlyInAnyOrder(
                        AdvisedAction.NOTHING,
                        AdvisedAction.SETTING,
                        AdvisedAction.ASSIST,
                        AdvisedAction.CONTINUOUS_ASSIST,
                        AdvisedAction.PASSES,
                        AdvisedAction.CONTINUOUS_PASSES,
                        AdvisedAction.FULL_SWEEP);
        assertThat(advice.toleratedBacklog()).isEqualTo(20_000);
        assertThat(advice.options())
                .filteredOn(Option::enough)
                .isSortedAccordingTo(Comparator.comparingDouble(Option::serverSecondsPerDay));
    }

    @Test
    void sentence_settingsNotReported_asksTheProviderAndOffersNoAssist() {
        Advice advice = Advice.of(Situations.of(50_000_000, 20_000_000, 2_000_000, 60.0, SettingsAccess.REFUSED));

        assertThat(advice.settingsRefused()).isTrue();
        assertThat(advice.sentence())
                .startsWith("Ask the provider to set active-expire-effort")
                .contains("because the server does not report its settings");
        assertThat(advice.options())
                .extracting(Option::action)
                .doesNotContain(AdvisedAction.ASSIST, AdvisedAction.CONTINUOUS_ASSIST);
        assertThat(Situations.option(advice, AdvisedAction.NOTHING).longestPauseMillis())
                .isNull();
        assertThat(advice.basis()).endsWith("so their defaults are assumed.");

        // One such server is enough: assist is then not possible everywhere.
        Advice adviceWithSettings =
                Advice.of(Situations.of(50_000_000, 20_000_000, 2_000_000, 60.0, SettingsAccess.REPORTED));
        Advice combinedAdvice = Advice.ofAll(List.of(advice, adviceWithSettings));
        assertThat(combinedAdvice.settingsRefused()).isTrue();
        assertThat(combinedAdvice.inflowPerSecond()).isEqualTo(120.0);
        assertThat(combinedAdvice.options())
                .extracting(Option::action)
                .doesNotContain(AdvisedAction.ASSIST, AdvisedAction.CONTINUOUS_ASSIST);
        assertThat(Situations.option(combinedAdvice, AdvisedAction.NOTHING).longestPauseMillis())
                .isNull();
        assertThat(Situations.option(combinedAdvice, AdvisedAction.PASSES).longestPauseMillis())
                .isEqualTo(0.5);
    }

    @Test
    void basis_inflowUnknown_saysHowToMeasureIt() {
        Advice adviceWithoutInflow =
                Advice.of(Situations.of(1_000_000, 100_000, 500, /* inflow= */ null, SettingsAccess.REPORTED));
        assertThat(adviceWithoutInflow.basis())
                .startsWith("The figures of the ways rest on an assumption: no more keys die.")
                .contains("keysweep estimate --ttl");
        assertThat(adviceWithoutInflow.sentence()).doesNotContain("keeps up by itself");

        Advice adviceWithInflow =
                Advice.of(Situations.of(1_000_000, 100_000, 500, /* inflow= */ 0.01, SettingsAccess.REPORTED));
        assertThat(adviceWithInflow.basis())
                .isEqualTo("The figures of the ways rest on a measurement: by the TTLs of a sample, about 0.01 keys die"
                        + " per second that no client removes. Backlogs that the server's own expiry leaves are right"
                        + " within a factor of three.");
        assertThat(adviceWithInflow.sentence())
                .isEqualTo("You do not need Keysweep here: the server keeps up by itself.");
        assertThat(Advice.ofAll(List.of(adviceWithInflow, adviceWithoutInflow)).basis())
                .contains("rest on an assumption");
    }

    @Test
    void advice_expirySwitchedOff_offersOnlySweepsAndSaysWhy() {
        Advice advice = Advice.of(new ExpirySituation(
                /* keys= */ 10_000_000,
                /* volatileKeys= */ 1_500_000,
                /* dead= */ 1_490_000,
                /* inflowPerSecond= */ 0.0,
                ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1),
                /* cycleRuns= */ false,
                /* efficiency= */ 1,
                SettingsAccess.REPORTED,
                /* microsPerKey= */ 1.8));

        assertThat(advice.options())
                .extracting(Option::action)
                .containsOnly(AdvisedAction.PASSES, AdvisedAction.CONTINUOUS_PASSES, AdvisedAction.FULL_SWEEP);
        assertThat(advice.sentence())
                .startsWith("Sweep once")
                .contains("own expiry seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)");
        assertThat(advice.expiryOff()).isTrue();

        // The advice for several servers says so if one of them is such a server.
        Advice adviceWithExpiry =
                Advice.of(Situations.of(1_000_000, 100_000, 500, /* inflow= */ 0.0, SettingsAccess.REPORTED));
        Advice combinedAdvice = Advice.ofAll(List.of(advice, adviceWithExpiry));

        assertThat(combinedAdvice.expiryOff()).isTrue();
        assertThat(combinedAdvice.sentence())
                .contains("expiry of at least one server seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)");
        assertThat(Advice.ofAll(List.of(combinedAdvice, adviceWithExpiry)).expiryOff())
                .as("the advice for a part of the servers keeps the flag")
                .isTrue();
        assertThat(Advice.ofAll(List.of(adviceWithExpiry, adviceWithExpiry)).expiryOff())
                .isFalse();
    }
}
