package io.keysweep.engine.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the model of a server's own expiry against measurements of real servers. */
final class ExpiryCycleTest {

    @Test
    void toleratedDead_ofAnyEffort_isTheMostDeadKeysAtWhichTheCycleStops() {
        // At effort 1, the cycle stops at 10 % of 20 keys.
        assertThat(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1))
                .isEqualTo(new ExpiryCycle(
                        /* hz= */ 10,
                        /* effort= */ 1,
                        /* sampleKeys= */ 20,
                        /* toleratedDead= */ 2,
                        /* inOrder= */ true));

        // At effort 10, the cycle continues only above 1 %. One of 65 keys is 1.5 %, which the server cuts to 1 %.
        assertThat(ExpiryCycle.withEffort(/* hz= */ 500, /* effort= */ 10))
                .isEqualTo(new ExpiryCycle(
                        /* hz= */ 500,
                        /* effort= */ 10,
                        /* sampleKeys= */ 65,
                        /* toleratedDead= */ 1,
                        /* inOrder= */ true));

        // A server before Redis 6.0 has no effort. Its cycle stops at 25 % of 20 sampled keys.
        assertThat(ExpiryCycle.withoutEffort(10).toleratedDead()).isEqualTo(5);
    }

    /**
     * Compares the model with one measured run per row, on Redis 7.0, Redis 8.0 and Valkey 9. The columns are hz,
     * effort, dead and live keys with a TTL at the beginning, the duration in s, and the dead keys that were left.
     */
    @ParameterizedTest
    @CsvSource({
        "10,   1, 18000,  200000,  5,  17925",
        "10,  10, 18000,  200000,  5,   6930",
        "500, 10, 18000,  200000,  1,      0",
        "500, 10,  6000,  200000,  1,   4581",
        "500, 10,  1000,  200000,  5,    228",
        "10,   1, 300000, 600000, 10, 257000",
        "10,   1, 1500000,     0, 10,      0",
    })
    void backlogAfter_measuredRun_isWithinAFactorOfThree(
            int hz, int effort, double dead, double living, double seconds, double measuredLeft) {
        double modelledLeft = ExpiryCycle.withEffort(hz, effort)
                .backlogAfter(
                        dead, new ExpiryCycle.Period(/* dying= */ 0, living, living, seconds), /* efficiency= */ 1);

        // 100 keys are an absolute tolerance for the rows with few removals, such as the first.
        double measuredRemovals = dead - measuredLeft;
        assertThat(dead - modelledLeft).isBetween(measuredRemovals / 3, measuredRemovals * 3 + 100);
    }

    /**
     * Compares the model with a measured cliff: 300,000 keys, which are all keys with a TTL, die within a minute. With
     * the default settings, at most 91,281 keys were dead at once on Redis 7.0, after 20 s, and none after the minute.
     * Redis 8.0 and Valkey 9 had about the same numbers. The live keys become fewer, so the dead part of all keys grows
     * although the server removes dead keys.
     */
    @Test
    void backlogAfter_allKeysDieInAMinute_isAsMeasured() {
        ExpiryCycle expiry = ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1);
        double largest = 0;
        double backlog = 0;
        for (int second = 0; second < 60; second++) {
            double living = 300_000 - 5_000.0 * second;
            backlog = expiry.backlogAfter(
                    backlog,
                    new ExpiryCycle.Period(/* dying= */ 5_000, living, living - 5_000, 1),
                    /* efficiency= */ 1);
            largest = Math.max(largest, backlog);
        }
        assertThat(largest).isBetween(91_281 / 3.0, 91_281 * 3.0);
        assertThat(backlog).isLessThan(1_000);

        // The length of the periods matters little.
        ExpiryCycle.Period minute = new ExpiryCycle.Period(/* dying= */ 300_000, 300_000, 0, 60);
        assertThat(expiry.backlogAfter(/* backlog= */ 0, minute, /* efficiency= */ 1))
                .isLessThan(1_000);
    }

    @Test
    void removedPerSecond_higherShareOfDeadKeys_isHigher() {
        ExpiryCycle expiry = ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 4);
        double previous = 0;
        for (double share = 0.01; share <= 1; share += 0.01) {
            double rate = expiry.removedPerSecond(share);
            assertThat(rate).isGreaterThan(previous);
            assertThat(expiry.serverShare(share)).isLessThan(0.34);
            previous = rate;
        }

        assertThat(expiry.removedPerSecond(0)).isZero();
    }

    /**
     * Tests the longest pauses that the sources of Redis and Valkey allow. The columns are hz, effort, and the longest
     * pause in ms.
     */
    @ParameterizedTest
    @CsvSource({"10, 1, 25", "10, 10, 43", "100, 1, 2.5", "100, 10, 4.3", "500, 1, 1", "500, 10, 3.25"})
    void longestPauseMillis_ofAnySettings_isTheLongerOneOfASlowAndAFastCycle(int hz, int effort, double pause) {
        assertThat(ExpiryCycle.withEffort(hz, effort).longestPauseMillis()).isCloseTo(pause, within(1e-9));
    }

    @Test
    void steadyBacklog_knownInflow_isWhereRemovalsEqualDeaths() {
        ExpiryCycle expiry = ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1);
        double backlog = expiry.steadyBacklog(100, 1_000_000);

        // The keys that the cycle checks now are twice as likely to be dead as the average key.
        double deadWhereChecked = 2 * backlog;
        assertThat(expiry.removedPerSecond(deadWhereChecked / (deadWhereChecked + 1_000_000)))
                .isCloseTo(100, within(1.0));
        assertThat(expiry.steadyBacklog(0, 1_000_000)).isZero();
        assertThat(expiry.steadyBacklog(1e9, 1_000_000)).isInfinite();
        assertThat(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 10).steadyBacklog(100, 1_000_000))
                .isLessThan(backlog);

        // A cycle without order removes the same keys only if all keys are as likely to be dead.
        ExpiryCycle atRandom = ExpiryCycle.withoutEffort(10);
        double backlogAtRandom = atRandom.steadyBacklog(100, 1_000_000);
        assertThat(atRandom.removedPerSecond(backlogAtRandom / (backlogAtRandom + 1_000_000)))
                .isCloseTo(100, within(1.0));
    }

    /**
     * Compares the steady backlog with measurements while 5,000 of 1,600,000 keys die per second. The columns are hz,
     * effort, and the range of the dead keys on Redis 7.0, 8.0 and Valkey 9 (first row, {@code ./dev/bench starvation})
     * or on Redis 8.0 alone.
     */
    @ParameterizedTest
    @CsvSource({"500, 10, 31000, 40000", "10, 10, 50000, 136000"})
    void steadyBacklog_measuredStarvation_isInTheMeasuredRange(int hz, int effort, double lowest, double highest) {
        assertThat(ExpiryCycle.withEffort(hz, effort).steadyBacklog(5_000, 1_600_000))
                .isBetween(lowest, highest);
    }

    @Test
    void secondsToCheckAll_fewDeadKeys_isTheTimeOfAllSamples() {
        // At hz 10, effort 1 checks 200 keys in a second.
        assertThat(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1).secondsToCheckAll(0, 400_000))
                .isCloseTo(2_000, within(1.0));
        assertThat(ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1).secondsToCheckAll(0, 0))
                .isZero();
        assertThat(ExpiryCycle.withoutEffort(10).secondsToCheckAll(0, 400_000)).isInfinite();
    }
}
