package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests pacer and throttle together, in simulated time, on a server with other callers and a replica.
 *
 * <p>The pacer keeps the sweep within its share of the server. The throttle lowers this share by a factor from 0 to 1.
 */
final class ControlLoopTest {

    private static final double MIB = 1 << 20;

    /** Other clients keep the server so busy from second 10 to 30 that callers wait even without a sweep. */
    @ParameterizedTest
    @CsvSource({"0.95, 1", "0.97, 7", "0.94, 21"})
    void loop_busyServer_slowsDownAndRecoversInSeconds(double others, long seed) {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.GENTLE, seed);
        load.others = second -> second >= 10 && second < 30 ? others : 0.05;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(50));

        assertThat(between(periods, 2, 10)).allMatch(period -> period.factor() == 1);
        assertThat(between(periods, 12, 30)).allMatch(period -> period.factor() <= 0.1);

        // The sweep still makes progress at the lowest factor.
        assertThat(between(periods, 12, 30).stream()
                        .mapToLong(SimulatedLoad.Period::visited)
                        .sum())
                .isPositive();
        assertThat(between(periods, 35, 50)).allMatch(period -> period.factor() == 1 && period.slowedBy() == null);

        load.assertShareNotExceeded(periods);
    }

    /** The latency is proportional to the sweep's own share, so there is a factor at which it stays steady. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void loop_latencyProportionalToShare_settlesWithoutOscillating(long seed) {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.BALANCED, seed);
        load.latencyPerShare = 25;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(60));

        List<SimulatedLoad.Period> settledPeriods = between(periods, 10, 60);
        double mean = mean(settledPeriods);

        assertThat(mean).isBetween(0.45, 0.9);
        assertThat(settledPeriods).allMatch(period -> Math.abs(period.factor() - mean) < mean * 0.3);

        // The average latency of any two seconds stays below the soft limit.
        for (int second = 10; second < 58; second++) {
            assertThat(between(periods, second, second + 2).stream()
                            .mapToDouble(SimulatedLoad.Period::latency)
                            .average()
                            .orElseThrow())
                    .isLessThan(PacePolicy.BALANCED.limits().of(Signal.LATENCY).soft());
        }
        load.assertShareNotExceeded(periods);
    }

    /** The link to the replica carries less than the sweep could write, so the lag accumulates. */
    @ParameterizedTest
    @CsvSource({"FULL, 3", "FULL, 6", "BALANCED, 2", "GENTLE, 1"})
    void loop_slowReplica_settlesNearWhatTheLinkCarries(String profile, double mibPerSecond) {
        PacePolicy policy = policy(profile);
        SimulatedLoad load = new SimulatedLoad(policy, 5);
        load.replicaBytesPerSecond = second -> mibPerSecond * MIB;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(120));

        List<SimulatedLoad.Period> settledPeriods = between(periods, 20, 120);
        assertThat(periods)
                .allMatch(period ->
                        period.lag() < policy.limits().of(Signal.REPLICA_LAG).hard());
        assertThat(periods).noneMatch(SimulatedLoad.Period::held);

        double mean = mean(settledPeriods);
        assertThat(settledPeriods).allMatch(period -> Math.abs(period.factor() - mean) < mean * 0.2);

        // The sweep is not much slower than the link allows either.
        double writtenBytes = settledPeriods.stream()
                .mapToDouble(SimulatedLoad.Period::written)
                .sum();
        assertThat(writtenBytes / (120 - 20))
                .as("the rate at which the sweep writes for the replica, bytes per second")
                .isBetween(mibPerSecond * MIB * 0.8, mibPerSecond * MIB * 1.1);

        load.assertShareNotExceeded(periods);
    }

    /** The replica reads nothing from second 10 to 40. */
    @Test
    void loop_replicaStalls_holdsAndRecovers() {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.FULL, 9);
        load.replicaBytesPerSecond = second -> second >= 10 && second < 40 ? 0 : 200 * MIB;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(60));

        double hardLimit = PacePolicy.FULL.limits().of(Signal.REPLICA_LAG).hard();
        assertThat(between(periods, 10, 40)).anyMatch(SimulatedLoad.Period::held);

        // The lag never reaches the size at which a server disconnects a replica.
        assertThat(periods).allMatch(period -> period.lag() < hardLimit);
        assertThat(between(periods, 46, 60)).allMatch(period -> period.factor() == 1 && !period.held());

        load.assertShareNotExceeded(periods);
    }

    /** Returns the pace with a name. */
    private static PacePolicy policy(String profile) {
        return switch (profile) {
            case "FULL" -> PacePolicy.FULL;
            case "BALANCED" -> PacePolicy.BALANCED;
            default -> PacePolicy.GENTLE;
        };
    }

    /** Returns the mean of the throttle factors. */
    private static double mean(List<SimulatedLoad.Period> periods) {
        return periods.stream()
                .mapToDouble(SimulatedLoad.Period::factor)
                .average()
                .orElseThrow();
    }

    /** Returns the periods that ended between two seconds. */
    private static List<SimulatedLoad.Period> between(List<SimulatedLoad.Period> periods, double from, double to) {
        return periods.stream()
                .filter(period -> period.second() > from && period.second() <= to)
                .toList();
    }
}
