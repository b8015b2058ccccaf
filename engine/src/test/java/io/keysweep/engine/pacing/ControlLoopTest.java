package io.keysweep.engine.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both loops together, on a simulated server, its callers and a replica, in simulated time. */
final class ControlLoopTest {

    private static final double MIB = 1 << 20;

    /** Foreground work comes, so much that it alone keeps callers waiting, and goes. */
    @ParameterizedTest
    @CsvSource({"0.95, 1", "0.97, 7", "0.94, 21"})
    void loop_busyServer_givesWayAndIsBackInSeconds(double others, long seed) {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.GENTLE, seed);
        load.others = second -> second >= 10 && second < 30 ? others : 0.05;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(50));

        assertThat(between(periods, 2, 10)).allMatch(period -> period.factor() == 1);
        assertThat(between(periods, 12, 30)).allMatch(period -> period.factor() <= 0.1);
        // The floor: it still goes on.
        assertThat(between(periods, 12, 30).stream()
                        .mapToLong(SimulatedLoad.Period::visited)
                        .sum())
                .isPositive();
        assertThat(between(periods, 35, 50)).allMatch(period -> period.factor() == 1 && period.slowedBy() == null);
        load.assertShareHeld(periods);
    }

    /** Callers wait in proportion to what the sweep itself takes: it finds its place and stays there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void loop_waitsFollowTheSweep_settlesWithoutSwinging(long seed) {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.BALANCED, seed);
        load.waitPerShare = 25;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(60));

        List<SimulatedLoad.Period> settled = between(periods, 10, 60);
        double mean = mean(settled);
        assertThat(mean).isBetween(0.45, 0.9);
        assertThat(settled).allMatch(period -> Math.abs(period.factor() - mean) < mean * 0.3);
        // Callers wait for what was agreed to, on the average of any two seconds.
        for (int second = 10; second < 58; second++) {
            assertThat(between(periods, second, second + 2).stream()
                            .mapToDouble(SimulatedLoad.Period::waited)
                            .average()
                            .orElseThrow())
                    .isLessThan(PacePolicy.BALANCED.limits().of(Signal.LATENCY).soft());
        }
        load.assertShareHeld(periods);
    }

    /** A replica behind a link that carries less than the sweep could write: bytes add up instead of answering. */
    @ParameterizedTest
    @CsvSource({"FULL, 3", "FULL, 6", "BALANCED, 2", "GENTLE, 1"})
    void loop_slowReplica_settlesNearWhatTheLinkCarries(String profile, double mibASecond) {
        PacePolicy policy = policy(profile);
        SimulatedLoad load = new SimulatedLoad(policy, 5);
        load.replicaBytesASecond = second -> mibASecond * MIB;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(120));

        List<SimulatedLoad.Period> settled = between(periods, 20, 120);
        assertThat(periods)
                .allMatch(period ->
                        period.lag() < policy.limits().of(Signal.REPLICA_LAG).hard());
        assertThat(periods).noneMatch(SimulatedLoad.Period::held);
        double mean = mean(settled);
        assertThat(settled).allMatch(period -> Math.abs(period.factor() - mean) < mean * 0.2);
        // It is no slower than need be either.
        double written =
                settled.stream().mapToDouble(SimulatedLoad.Period::written).sum();
        assertThat(written / 100).isBetween(mibASecond * MIB * 0.8, mibASecond * MIB * 1.1);
        load.assertShareHeld(periods);
    }

    /** The replica stands still for a while: hold before the server drops it, and back to the whole in seconds. */
    @Test
    void loop_replicaStandsStill_holdsAndRecovers() {
        SimulatedLoad load = new SimulatedLoad(PacePolicy.FULL, 9);
        load.replicaBytesASecond = second -> second >= 10 && second < 40 ? 0 : 200 * MIB;

        List<SimulatedLoad.Period> periods = load.run(Duration.ofSeconds(60));

        double hard = PacePolicy.FULL.limits().of(Signal.REPLICA_LAG).hard();
        assertThat(between(periods, 10, 40)).anyMatch(SimulatedLoad.Period::held);
        // The floor alone keeps it below what makes a server drop a replica.
        assertThat(periods).allMatch(period -> period.lag() < hard);
        assertThat(between(periods, 46, 60)).allMatch(period -> period.factor() == 1 && !period.held());
        load.assertShareHeld(periods);
    }

    private static PacePolicy policy(String profile) {
        return switch (profile) {
            case "FULL" -> PacePolicy.FULL;
            case "BALANCED" -> PacePolicy.BALANCED;
            default -> PacePolicy.GENTLE;
        };
    }

    private static double mean(List<SimulatedLoad.Period> periods) {
        return periods.stream()
                .mapToDouble(SimulatedLoad.Period::factor)
                .average()
                .orElseThrow();
    }

    private static List<SimulatedLoad.Period> between(List<SimulatedLoad.Period> periods, double from, double to) {
        return periods.stream()
                .filter(period -> period.second() > from && period.second() <= to)
                .toList();
    }
}
