package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.assist.SimulatedExpiryServer.Slice;
import io.keysweep.engine.pacing.Limits;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests in simulated time that assist does not take more than its share of the server's time, and keeps a steady pace.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. A pace has a
 * duty: the part of the time in which the settings are raised. A rest is a time at the former settings. The raised
 * share is the share of the server's time, measured while the settings are raised. The factor is the throttle's.
 * {@code server} is a {@link SimulatedExpiryServer}.
 */
final class AssistPacerTest extends AssistTestCase {

    /** A pacer that may take a quarter of the server's time. */
    private static final AssistPacer PACER = new AssistPacer(0.25);

    /** The longest time above the ceiling, s: the control period of 250 ms, with some tolerance. */
    private static final double MAX_SECONDS_ABOVE = 0.26;

    /** The tolerance for rounding. */
    private static final double ROUNDING = 1e-6;

    @Test
    void next_cheapCycle_raisesAllTheTime() {
        assertThat(PACER.next(AssistPace.FIRST, /* raisedShare= */ 0.1, /* factor= */ 1))
                .isEqualTo(AssistPace.ofDuty(1));
        assertThat(PACER.next(AssistPace.FIRST, /* raisedShare= */ 0, /* factor= */ 1)
                        .duty())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.9, 1})
    void next_costlyCycle_restsSoThatTheShareIsKept(double share) {
        AssistPace pace = PACER.next(AssistPace.ofDuty(1), share, /* factor= */ 1);

        assertThat(pace.duty() * share).isBetween(0.15, 0.25);
        assertThat(PACER.next(pace, share, /* factor= */ 1)).isEqualTo(pace);
    }

    @Test
    void next_shareAroundTheCeiling_doesNotToggleRests() {
        AssistPace pace = AssistPace.ofDuty(1);
        int changes = 0;
        // The share swings by 2 % around the ceiling of 0.25.
        for (int i = 0; i < 100; i++) {
            AssistPace nextPace = PACER.next(pace, i % 2 == 0 ? 0.245 : 0.255, /* factor= */ 1);
            changes += nextPace.restFor().isZero() == pace.restFor().isZero() ? 0 : 1;
            pace = nextPace;
        }

        assertThat(changes).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "0.25, 0.25", "0.03125, 0.03125"})
    void next_throttleFactor_raisesForThatPartOfTheUsualTime(double factor, double highestDuty) {
        // The pacer aims at 85 % of its ceiling (AssistPacer.TARGET). So without a throttle, the settings may be raised
        // for half of the time: 0.85 × 0.25 / 0.425.
        AssistPace pace = PACER.next(AssistPace.ofDuty(1), /* raisedShare= */ 0.425, factor);

        assertThat(pace.duty()).isLessThanOrEqualTo(highestDuty);
        assertThat(pace.duty()).isCloseTo(factor * 0.5, within(0.001));
        assertThat(pace.raiseFor()).isGreaterThanOrEqualTo(AssistPace.SHORTEST_PHASE);
    }

    @ParameterizedTest
    @CsvSource({"0.25, 0.9", "0.25, 0.4", "0.5, 0.9", "0.1, 0.6"})
    void assist_manyDeadKeys_neverExceedsTheShareForLongerThanAControlPeriod(double ceiling, double busyShare)
            throws Exception {
        assistManyDeadKeys(ceiling, busyShare);

        assertShareIsKept(ceiling, /* windowSeconds= */ 2);

        // The duty is steady. The first seconds are left out, in which the pacer finds it. Every 10 s there is a longer
        // rest, in which assist measures what the server does without it.
        List<Double> duties = dutiesPerSecond(4, 19);
        assertThat(duties.stream().filter(duty -> Math.abs(duty - mean(duties)) > 0.06))
                .hasSizeLessThanOrEqualTo(2)
                .allMatch(duty -> duty < mean(duties));

        // Assist is not much slower than the ceiling allows either.
        assertThat(mean(duties) * busyShare).isGreaterThan(0.65 * Math.min(ceiling, busyShare));
        assertFormerSettings();
    }

    /** The round trips of the commands keep the settings raised for longer than planned. */
    @ParameterizedTest
    @CsvSource({"0.25, 0.9, 2", "0.25, 0.4, 20", "0.1, 0.6, 20", "0.25, 0.9, 50", "0.1, 0.6, 50", "0.5, 0.6, 50"})
    void assist_overADistance_keepsTheShareAsNearby(double ceiling, double busyShare, long roundTripMillis)
            throws Exception {
        server.roundTrip = Duration.ofMillis(roundTripMillis);

        assistManyDeadKeys(ceiling, busyShare);

        // A turn takes up to three seconds.
        assertShareIsKept(ceiling, /* windowSeconds= */ 6);
        assertThat(mean(dutiesPerSecond(4, 34)) * busyShare).isGreaterThan(0.5 * Math.min(ceiling, busyShare));
        assertFormerSettings();
    }

    /** The report must not hide that the settings stay raised while commands are on their way. */
    @ParameterizedTest
    @ValueSource(longs = {2, 20, 50})
    void assist_overADistance_reportsForHowLongSettingsWereRaised(long roundTripMillis) throws Exception {
        server.roundTrip = Duration.ofMillis(roundTripMillis);

        AssistReport report = assistManyDeadKeys(/* ceiling= */ 0.25, /* busyShare= */ 0.9);

        // After the end, the settings are read once more, and that counts as well.
        assertThat(seconds(report.raisedFor()))
                .isBetween(raisedSeconds() - ROUNDING, raisedSeconds() + 2 * roundTripMillis / 1e3);
        assertThat(seconds(report.serverBusy())).isBetween(0.99 * busySeconds(), 1.2 * busySeconds());
    }

    /** Commands are late by different times, so the real time between two changes is not known exactly. */
    @ParameterizedTest
    @ValueSource(longs = {2, 20, 50})
    void assist_delaysOnTheNetwork_neitherExceedsTheShareNorReportsTooLittle(long roundTripMillis) throws Exception {
        server.roundTrip = Duration.ofMillis(roundTripMillis);
        Random random = new Random(7);
        server.jitter = () -> Duration.ofNanos((long) (random.nextExponential() * 500_000 * roundTripMillis));
        double ceiling = 0.25;
        // Without limits, the delays do not slow assist down.
        pace = new PacePolicy(Duration.ofMillis(1), ceiling, PacePolicy.GENTLE.rateCeiling()).withLimits(Limits.NONE);

        AssistReport report = assistManyDeadKeys(/* busyShare= */ 0.9);

        assertThat(seconds(report.raisedFor())).isBetween(raisedSeconds() - ROUNDING, 1.3 * raisedSeconds());
        assertThat(seconds(report.serverBusy())).isGreaterThan(0.99 * busySeconds());
        assertThat(highestMeanShare(/* windowSeconds= */ 6)).isLessThanOrEqualTo(ceiling);
    }

    private AssistReport assistManyDeadKeys(double ceiling, double busyShare) throws Exception {
        pace = new PacePolicy(Duration.ofMillis(1), ceiling, PacePolicy.GENTLE.rateCeiling());
        return assistManyDeadKeys(busyShare);
    }

    private AssistReport assistManyDeadKeys(double busyShare) throws Exception {
        server.dead = 20_000_000;
        server.busyShare = busyShare;

        return assist(SweepRequest.of(DEPLOYMENT, pace)
                .withDeadline(server.clock.instant().plusSeconds(35)));
    }

    /**
     * Asserts that the share never exceeds its ceiling for longer than a control period, nor on average over a window.
     */
    private void assertShareIsKept(double ceiling, int windowSeconds) {
        double secondsAboveTheCeiling = 0;
        for (Slice slice : server.slices) {
            boolean isAboveTheCeiling = slice.raised() && slice.share() > ceiling;
            secondsAboveTheCeiling = isAboveTheCeiling ? secondsAboveTheCeiling + slice.seconds() : 0;
            assertThat(secondsAboveTheCeiling).isLessThan(MAX_SECONDS_ABOVE);
        }
        assertThat(highestMeanShare(windowSeconds)).isLessThanOrEqualTo(ceiling + ROUNDING);
    }

    /** Returns the highest mean of the share that assist took over any window. */
    private double highestMeanShare(int windowSeconds) {
        Deque<Slice> window = new ArrayDeque<>();
        double busySeconds = 0;
        double highestBusySeconds = 0;
        for (Slice slice : server.slices) {
            window.addLast(slice);
            busySeconds += busySeconds(slice);
            while (window.getLast().at() - window.getFirst().at() > windowSeconds) {
                busySeconds -= busySeconds(window.removeFirst());
            }
            highestBusySeconds = Math.max(highestBusySeconds, busySeconds);
        }
        return highestBusySeconds / windowSeconds;
    }

    /** Returns for how long the server had the raised settings, s. */
    private double raisedSeconds() {
        return server.slices.stream()
                .filter(Slice::raised)
                .mapToDouble(Slice::seconds)
                .sum();
    }

    /** Returns how long the cycle kept the main thread busy at the raised settings, s. */
    private double busySeconds() {
        return server.slices.stream().mapToDouble(AssistPacerTest::busySeconds).sum();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Returns how long assist kept the main thread busy in a slice, s. */
    private static double busySeconds(Slice slice) {
        return slice.raised() ? slice.share() * slice.seconds() : 0;
    }

    /** Returns for each second of a period how long the settings were raised in it, s. */
    private List<Double> dutiesPerSecond(int from, int to) {
        List<Double> duties = new ArrayList<>();
        for (int second = from; second < to; second++) {
            int begin = second;
            duties.add(server.slices.stream()
                    .filter(slice -> slice.raised() && slice.at() >= begin && slice.at() < begin + 1)
                    .mapToDouble(Slice::seconds)
                    .sum());
        }
        return duties;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
