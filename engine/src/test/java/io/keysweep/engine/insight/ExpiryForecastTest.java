package io.keysweep.engine.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the forecast of how many keys expire, and how many of them the server itself removes.
 *
 * <p>A step is one of the equal periods of a forecast, here 10 minutes.
 */
final class ExpiryForecastTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(10);
    private static final ExpiryCycle DEFAULTS = ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1);

    @Test
    void cliff_stepWithFarMoreDeathsThanItsNeighbours_isFoundAndAStartIsProposed() {
        List<KeyCount> counts = flat(144, 1_000);
        // Step 12 lasts from 02:00 to 02:10.
        counts.set(12, new KeyCount(1_900_000, 1_800_000, 2_000_000));

        ExpiryForecast forecast = forecast(counts, /* dead= */ 0, 4_000_000, /* measured= */ null);

        assertThat(forecast.cliffs())
                .singleElement()
                .satisfies(cliff -> assertThat(cliff.from()).isEqualTo(Instant.parse("2026-03-01T02:00:00Z")));
        ExpiryForecast.Step step = forecast.steps().get(12);
        assertThat(step.to()).isEqualTo(Instant.parse("2026-03-01T02:10:00Z"));
        assertThat(forecast.proposedStart()).isEqualTo(Instant.parse("2026-03-01T02:10:00Z"));

        // A key has 100 bytes.
        assertThat(step.backlogBytes()).isBetween(step.backlog() * 100 - 100, step.backlog() * 100 + 100);
    }

    @Test
    void cliff_noSignificantDifference_isNone() {
        List<KeyCount> counts = flat(20, 1_000);
        // The number is three times the median, but by its interval it may be as small as the others.
        counts.set(10, new KeyCount(3_000, 900, 5_100));

        assertThat(forecast(counts, /* dead= */ 0, 100_000, /* measured= */ null)
                        .cliffs())
                .isEmpty();

        // The number is clearly larger than the others, but only a small part of all keys with a TTL.
        counts.set(10, new KeyCount(4_000, 3_900, 4_100));
        assertThat(forecast(counts, /* dead= */ 0, 10_000_000, /* measured= */ null)
                        .cliffs())
                .isEmpty();

        // The same number is a cliff if there are fewer keys.
        assertThat(forecast(counts, /* dead= */ 0, 100_000, /* measured= */ null)
                        .cliffs())
                .hasSize(1);
    }

    /**
     * Tests keys that are written all the time with the same TTL of some steps. The same number dies in each step,
     * until none of the current keys is left. The first step is shorter, because it began before the sample.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 12})
    void cliff_steadyDeathsOfKeysWithAShortTtl_isNone(int steps) {
        List<KeyCount> counts = flat(144, 0);
        counts.set(0, new KeyCount(100, 100, 100));
        for (int step = 1; step <= steps; step++) {
            counts.set(step, new KeyCount(1_000, 1_000, 1_000));
        }

        assertThat(forecast(counts, /* dead= */ 0, 100_000, /* measured= */ null)
                        .cliffs())
                .isEmpty();

        // Many keys that die in one step are still a cliff.
        counts.set(4, new KeyCount(3_000, 2_900, 3_100));
        assertThat(forecast(counts, /* dead= */ 0, 100_000, /* measured= */ null)
                        .cliffs())
                .hasSize(1);
    }

    @Test
    void steadyDeaths_belowWhatTheServerTolerates_accumulate() {
        // All 360,000 dying keys together are less than 4 % of the keys with a TTL. The server tolerates 10 %.
        ExpiryForecast forecast = forecast(flat(6, 60_000), /* dead= */ 0, 10_000_000, /* measured= */ null);

        assertThat(forecast.steps()).isSortedAccordingTo((a, b) -> Long.compare(a.backlog(), b.backlog()));
        assertThat(forecast.steps().getLast().backlog()).isBetween(330_000L, 360_000L);
        assertThat(forecast.dying().keys()).isEqualTo(360_000);
        assertThat(forecast.proposedStart()).isEqualTo(MIDNIGHT.plus(STEP.multipliedBy(6)));
    }

    /** Half of the keys die at once, and the others later. No key dies twice, so the backlog has at most all keys. */
    @Test
    void backlog_ofAServerThatRemovesNothing_isAtMostAllKeysWithATtl() {
        List<KeyCount> counts = flat(6, 0);
        counts.set(1, new KeyCount(50_000, 50_000, 50_000));
        // By the error of the sample, more keys die than there are.
        counts.set(3, new KeyCount(60_000, 40_000, 80_000));

        ExpiryForecast forecast =
                forecast(counts, /* dead= */ 40_000, 100_000, new ExpiryRate(/* perSecond= */ 0, /* seconds= */ 30));

        assertThat(forecast.steps())
                .extracting(ExpiryForecast.Step::backlog)
                .containsExactly(40_000L, 90_000L, 90_000L, 140_000L, 140_000L, 140_000L);
        assertThat(forecast.steps())
                .allSatisfy(step -> assertThat(step.removed()).isZero());
    }

    /** The dead keys have 1,000 bytes, and the keys that die in the two steps 100 and 10. */
    @Test
    void backlogBytes_ofKeysOfDifferentSizes_areTheSumOfTheirs() {
        List<KeyCount> counts = flat(2, 500);
        ExpiryForecast forecast = ExpiryForecast.of(
                new DeathCounts(MIDNIGHT, MIDNIGHT, STEP, counts, KeyCount.sum(counts)),
                /* dead= */ 40_000,
                new KeyCount(60_000, 60_000, 60_000),
                /* dyingPerSecond= */ 1,
                new MeanSizes(/* ofDead= */ 1_000, List.of(100.0, 10.0)),
                DEFAULTS,
                /* settingsKnown= */ true,
                new ExpiryRate(/* perSecond= */ 0, /* seconds= */ 30));

        assertThat(forecast.steps())
                .extracting(ExpiryForecast.Step::backlogBytes)
                .containsExactly(40_050_000L, 40_055_000L);
    }

    @Test
    void cliff_thatTheServerClearsItself_needsNoStart() {
        List<KeyCount> counts = flat(20, 0);
        counts.set(5, new KeyCount(300_000, 298_000, 300_000));

        ExpiryForecast forecast = forecast(counts, /* dead= */ 0, 300_000, /* measured= */ null);

        assertThat(forecast.cliffs()).hasSize(1);
        assertThat(forecast.steps().get(5).backlog()).isLessThan(1_000);
        assertThat(forecast.steps().get(5).removed()).isGreaterThan(299_000);
        assertThat(forecast.steps().getLast().backlog()).isZero();
        assertThat(forecast.proposedStart()).isNull();
    }

    @Test
    void measuredRate_aboveTheModel_isExplainedByReadsOfClients() {
        ExpiryForecast forecast = forecast(
                flat(6, 60_000), /* dead= */ 0, 10_000_000, new ExpiryRate(/* perSecond= */ 100, /* seconds= */ 30));

        assertThat(forecast.readShare()).isEqualTo(1);
        assertThat(forecast.steps().getLast().backlog()).isZero();
        assertThat(forecast.steps().getFirst().removed()).isEqualTo(60_000);
        assertThat(forecast.proposedStart()).isNull();
    }

    @Test
    void measuredRate_farBelowTheModel_isUsedInsteadOfTheModel() {
        ExpiryForecast forecast = forecast(
                flat(6, 0), /* dead= */ 500_000, 500_000, new ExpiryRate(/* perSecond= */ 0, /* seconds= */ 30));

        assertThat(forecast.steps().getLast().backlog()).isEqualTo(500_000);
    }

    @Test
    void firstStep_thatHasBegun_includesOnlyItsRemainder() {
        // The sample is taken 9 minutes after the first step has begun.
        DeathCounts deaths = new DeathCounts(
                MIDNIGHT, MIDNIGHT.plusSeconds(540), STEP, flat(2, 600), new KeyCount(1_200, 1_200, 1_200));
        assertThat(deaths.secondsOf(0)).isEqualTo(60);
        assertThat(deaths.secondsOf(1)).isEqualTo(600);
    }

    @Test
    void sum_ofServers_addsStepsAndFindsCliffsOfTheWhole() {
        List<KeyCount> counts = flat(20, 1_000);
        counts.set(10, new KeyCount(4_000, 3_900, 4_100));
        ExpiryForecast forecastOfOne = forecast(counts, /* dead= */ 0, 100_000, /* measured= */ null);

        ExpiryForecast sum = ExpiryForecast.sum(List.of(forecastOfOne, forecastOfOne));

        // The errors of two servers are independent: together they are 100 × √2 = 141.
        assertThat(sum.steps().get(10).dying()).isEqualTo(new KeyCount(8_000, 7_859, 8_141));
        assertThat(sum.steps().get(10).backlog())
                .isEqualTo(2 * forecastOfOne.steps().get(10).backlog());
        assertThat(sum.cliffs()).hasSize(1);
        assertThat(sum.living().keys()).isEqualTo(200_000);
    }

    @Test
    void sum_withAServerWithoutKeys_hasTheBytesOfTheOthers() {
        ExpiryForecast busyServer = forecast(flat(6, 60_000), /* dead= */ 0, 10_000_000, /* measured= */ null);
        ExpiryForecast emptyServer = ExpiryForecast.of(
                new DeathCounts(MIDNIGHT, MIDNIGHT, STEP, flat(6, 0), KeyCount.NONE),
                /* dead= */ 0,
                KeyCount.NONE,
                /* dyingPerSecond= */ 0,
                /* sizes= */ null,
                DEFAULTS,
                /* settingsKnown= */ true,
                /* measured= */ null);

        ExpiryForecast sum = ExpiryForecast.sum(List.of(busyServer, emptyServer));

        assertThat(emptyServer.steps().getLast().backlogBytes()).isNull();
        assertThat(sum.steps().getLast().backlogBytes())
                .isEqualTo(busyServer.steps().getLast().backlogBytes())
                .isPositive();
    }

    /**
     * The share is weighed by dying keys. The reads on a server where few keys die say nothing about a server where
     * many die.
     */
    @Test
    void sum_ofServers_weighsTheReadShareByDyingKeys() {
        ExpiryRate rateWithoutReads = new ExpiryRate(/* perSecond= */ 0, /* seconds= */ 30);
        ExpiryForecast withoutReads = forecast(flat(6, 60_000), /* dead= */ 0, 10_000_000, rateWithoutReads);
        ExpiryRate rateWithReads = new ExpiryRate(/* perSecond= */ 100, /* seconds= */ 30);
        ExpiryForecast withReads = forecast(flat(6, 600), /* dead= */ 0, 10_000_000, rateWithReads);

        ExpiryForecast sum = ExpiryForecast.sum(List.of(withoutReads, withReads));

        assertThat(withReads.readShare()).isEqualTo(1);

        // On the server without reads, 100 times as many keys die.
        assertThat(sum.readShare()).isCloseTo(1 / 101.0, within(1e-9));
    }

    /** Returns the same number of keys for each step. */
    private static List<KeyCount> flat(int steps, long keys) {
        return new ArrayList<>(Collections.nCopies(steps, new KeyCount(keys, keys, keys)));
    }

    /**
     * Returns the forecast for a server with the default settings and keys of 100 bytes.
     *
     * @param counts the keys that expire in each step
     * @param dead the keys that are dead now
     * @param living the keys with a TTL that are alive
     * @param measured how many keys the server was measured to remove, or null if that is unknown
     */
    private static ExpiryForecast forecast(
            List<KeyCount> counts, long dead, long living, @Nullable ExpiryRate measured) {
        return ExpiryForecast.of(
                new DeathCounts(MIDNIGHT, MIDNIGHT, STEP, counts, KeyCount.sum(counts)),
                dead,
                new KeyCount(living, living, living),
                /* dyingPerSecond= */ counts.getFirst().keys() / (double) STEP.toSeconds(),
                new MeanSizes(/* ofDead= */ 100, Collections.nCopies(counts.size(), 100.0)),
                DEFAULTS,
                /* settingsKnown= */ true,
                measured);
    }
}
