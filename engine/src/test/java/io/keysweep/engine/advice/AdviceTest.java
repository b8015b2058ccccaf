package io.keysweep.engine.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.advice.Advice.Action;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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
     * unknown), whether the server has the setting {@code active-expire-effort}, and the expected advice.
     */
    @ParameterizedTest
    @CsvSource({
        // No key has a TTL.
        "1000000, 0, 0, 0, true, NOTHING",
        // Few keys die, and few are dead.
        "1000000, 100000, 500, 0.01, true, NOTHING",
        // Nearly all keys with a TTL are dead: the server clears them by itself.
        "10000000, 1500000, 1490000, 0, true, NOTHING",
        // Fewer keys with a TTL: within a day, the samples of the server's cycle find them all.
        "1000000, 400000, 30000, 0, true, NOTHING",
        // Many keys with a TTL: more of them die than the samples of the cycle find.
        "50000000, 20000000, 2000000, 30, true, SETTING",
        // An old backlog that hardly grows, on a server without the setting.
        "50000000, 49000000, 4000000, 0.1, false, FULL_SWEEP",
        // Unknown inflow: the current backlog decides.
        "1000000, 100000, 500, , true, NOTHING",
    })
    void advice_inEachSituation_isTheCheapestThatIsEnough(
            long keys, long volatileKeys, long dead, @Nullable Double inflow, boolean adjustable, Action expected) {
        Advice advice = Advice.of(situation(keys, volatileKeys, dead, inflow, adjustable));

        assertThat(advice.action()).as("the action of: %s", advice).isEqualTo(expected);
        assertThat(advice.options().getFirst().action()).isEqualTo(expected);
        assertThat(advice.options().getFirst().enough()).isTrue();
        assertThat(advice.inflowKnown()).isEqualTo(inflow != null);
    }

    @Test
    void passes_whenSettingsCannotBeChanged_areFrequentEnough() {
        Advice advice =
                Advice.of(situation(10_000_000, 9_000_000, 500_000, /* inflow= */ 20.0, /* adjustable= */ false));

        assertThat(advice.action()).isEqualTo(Action.PASSES);

        Option passes = advice.options().getFirst();
        assertThat(passes.interval()).isEqualTo(Duration.ofHours(1));
        // In an hour, 72,000 keys die. Each of the 24 passes visits 10,000,000 keys, which takes 18 s.
        assertThat(passes.expectedBacklog()).isBetween(72_000L, 80_000L);
        assertThat(passes.serverSecondsPerDay()).isBetween(400.0, 450.0);
        assertThat(advice.sentence()).isEqualTo("Sweep every 1 h.");
    }

    @Test
    void sentence_whenMoreKeysDieThanAnyOptionRemoves_saysSo() {
        Advice advice = Advice.of(situation(10_000_000, 9_000_000, 500_000, 10_000.0, /* adjustable= */ false));

        assertThat(advice.options()).noneMatch(Option::enough);
        assertThat(advice.action()).isEqualTo(Action.NOTHING);
        assertThat(advice.sentence())
                .startsWith("Leave the keys to the server")
                .contains("more keys die than it can remove in time")
                .doesNotContain("keeps up by itself");
    }

    @Test
    void options_inAnySituation_areListedWithTheirBacklog() {
        Advice advice = Advice.of(situation(1_000_000, 400_000, 30_000, 5.0, /* adjustable= */ true));

        assertThat(advice.options())
                .extracting(Option::action)
                .contains(Action.NOTHING, Action.SETTING, Action.ASSIST, Action.PASSES, Action.FULL_SWEEP);
        assertThat(advice.toleratedBacklog()).isEqualTo(20_000);
        assertThat(advice.options())
                .filteredOn(Option::enough)
                .isSortedAccordingTo(Comparator.comparingDouble(Option::serverSecondsPerDay));
    }

    @Test
    void sentence_inflowUnknown_saysHowToMeasureIt() {
        assertThat(Advice.of(situation(1_000_000, 100_000, 500, /* inflow= */ null, /* adjustable= */ true))
                        .sentence())
                .contains("keysweep estimate --ttl")
                .doesNotContain("keeps up by itself");
        assertThat(Advice.of(situation(1_000_000, 100_000, 500, /* inflow= */ 0.01, /* adjustable= */ true))
                        .sentence())
                .isEqualTo("You do not need Keysweep here: the server keeps up by itself.");
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
                /* adjustable= */ true,
                /* microsPerKey= */ 1.8));

        assertThat(advice.options()).extracting(Option::action).containsOnly(Action.PASSES, Action.FULL_SWEEP);
        assertThat(advice.sentence())
                .startsWith("Sweep once")
                .contains("own expiry seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)");
        assertThat(advice.expiryOff()).isTrue();

        // The advice for several servers says so if one of them is such a server.
        Advice adviceWithExpiry =
                Advice.of(situation(1_000_000, 100_000, 500, /* inflow= */ 0.0, /* adjustable= */ true));
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

    @Test
    void options_thatAllServersOfADeploymentHave_areAddedUp() {
        Advice adviceForQuietServer =
                Advice.of(situation(1_000_000, 100_000, 500, /* inflow= */ 0.001, /* adjustable= */ false));
        Advice adviceForBusyServer =
                Advice.of(situation(10_000_000, 9_000_000, 500_000, /* inflow= */ 20.0, /* adjustable= */ false));

        Advice combinedAdvice = Advice.ofAll(List.of(adviceForQuietServer, adviceForBusyServer));

        // A backlog of 2 % of the 11,000,000 keys is tolerated.
        assertThat(combinedAdvice.toleratedBacklog()).isEqualTo(220_000);
        assertThat(combinedAdvice.action()).isEqualTo(Action.PASSES);
        assertThat(combinedAdvice.options().getFirst().interval()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void setting_forAllServersOfADeployment_isTheHighestAndNotTheMostExpensive() {
        Option low = setting("active-expire-effort 2", /* serverSecondsPerDay= */ 900);
        Option high = setting("active-expire-effort 10", /* serverSecondsPerDay= */ 5);
        Option highest = setting("active-expire-effort 10, hz 100", /* serverSecondsPerDay= */ 1);

        assertThat(settingForAll(low, high)).isEqualTo("active-expire-effort 10");
        assertThat(settingForAll(highest, low, high)).isEqualTo("active-expire-effort 10, hz 100");
    }

    /** Returns the option to change a setting, which costs some seconds of the server's time per day. */
    private static Option setting(String setting, double serverSecondsPerDay) {
        return new Option(
                Action.SETTING,
                /* expectedBacklog= */ 10L,
                serverSecondsPerDay,
                setting,
                /* interval= */ null,
                /* enough= */ true);
    }

    /** Returns the setting that is advised for a deployment, if one of the options is advised for each server. */
    private static @Nullable String settingForAll(Option... options) {
        return Advice.ofAll(Stream.of(options)
                        .map(option -> new Advice(
                                option.action(),
                                /* sentence= */ "",
                                /* toleratedBacklog= */ 1_000,
                                /* inflowKnown= */ true,
                                /* expiryOff= */ false,
                                List.of(option)))
                        .toList())
                .options()
                .getFirst()
                .setting();
    }

    /** Returns the situation of a server with default settings, on which sweeping a key takes 1.8 µs. */
    private static ExpirySituation situation(
            long keys, long volatileKeys, long dead, @Nullable Double inflow, boolean adjustable) {
        return new ExpirySituation(
                keys,
                volatileKeys,
                dead,
                inflow,
                ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1),
                /* cycleRuns= */ true,
                adjustable,
                /* microsPerKey= */ 1.8);
    }
}
