package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests plans of passes over a simulated key space in which keys expire at a known rate.
 *
 * <p>Passes are automatic scans that follow one another, so that the number of dead keys stays below a target.
 */
class PassPlanTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final double MAX_SHARE = 0.25;

    /** The number of passes after which the plans have adapted to a steady inflow. */
    private static final int ADAPTED = 8;

    /**
     * Simulates passes over a key space. A pass sweeps it from beginning to end at a constant speed.
     *
     * <ul>
     *   <li>The inflow is the number of keys that expire per second, as a function of the time.
     *   <li>The work is the time in seconds for which a pass occupies the server.
     *   <li>The target is the allowed number of dead keys.
     * </ul>
     *
     * Times are seconds after {@link #START}.
     */
    private static final class Simulation {

        /** The start of an earlier sweep. The first pass therefore finds the dead keys of one hour. */
        private static final double FIRST_START = -3_600;

        private final DoubleUnaryOperator inflow;
        private final double work;
        private final long target;
        private final List<Pass> passes = new ArrayList<>();
        private final List<Double> highestBacklogs = new ArrayList<>();
        private final List<PassPlan> plans = new ArrayList<>();
        private double now;
        private double previousStart = FIRST_START;
        private double previousLength;

        Simulation(DoubleUnaryOperator inflow, double work, long target) {
            this.inflow = inflow;
            this.work = work;
            this.target = target;
        }

        /** Simulates a number of passes, one after the other. */
        Simulation run(int count) {
            for (int i = 0; i < count; i++) {
                PassPlan plan = PassPlan.next(passes, target, MAX_SHARE, at(now));
                plans.add(plan);
                double start =
                        Math.max(now, Duration.between(START, plan.notBefore()).toMillis() / 1e3);
                double length = work / plan.share();

                // A key that is swept in the middle of each pass was swept at previousStart + previousLength / 2, and
                // is swept again at start + length / 2. For such a key, the two numbers below are exact: the dead keys
                // at the start, and the keys that the pass reclaims. They are the means over all keys.
                double rate = inflow.applyAsDouble(start);
                double backlog = rate * (start - previousStart - previousLength / 2);
                double reclaimed = rate * (start + length / 2 - previousStart - previousLength / 2);
                highestBacklogs.add(backlog);
                passes.addFirst(new Pass(at(start), at(start + length), plan.share(), Math.round(reclaimed)));
                previousStart = start;
                previousLength = length;
                now = start + length;
            }
            return this;
        }

        /** Returns the highest backlog at the starts of the passes from an index on. */
        double highestBacklogAfter(int pass) {
            return highestBacklogs.subList(pass, highestBacklogs.size()).stream()
                    .mapToDouble(backlog -> backlog)
                    .max()
                    .orElseThrow();
        }

        /** Returns the share of the server's time that the passes from an index on took. */
        double shareAfter(int pass) {
            List<Pass> later = passes.subList(0, passes.size() - pass);
            double seconds = Duration.between(
                                    later.getLast().startedAt(),
                                    later.getFirst().startedAt())
                            .toMillis()
                    / 1e3;
            return work * (later.size() - 1) / seconds;
        }

        private static Instant at(double seconds) {
            return START.plusMillis(Math.round(seconds * 1_000));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // keys that expire per second, seconds of work per pass, target
        "5000, 2, 100000",
        "5000, 2, 50000",
        "100, 20, 30000",
        "10, 0.5, 5000",
        "1, 60, 1000",
        "20000, 1, 200000"
    })
    void backlog_withASteadyInflow_staysBelowTheTarget_atNearlyTheLowestShare(double inflow, double work, long target) {
        Simulation simulation = new Simulation(second -> inflow, work, target).run(60);

        assertThat(simulation.highestBacklogAfter(ADAPTED))
                .isLessThan((double) target)
                .isGreaterThan(target * 0.5);

        // The backlog reaches the target some time after the middle of a pass. Without waits, the next pass starts half
        // a length after the middle, so a pass may take twice that time. With waits, passes have the lowest share, and
        // their starts are that time and half a length apart.
        double length = work / PassPlan.MIN_SHARE;
        double timeToTarget = target / inflow;
        double least = Math.max(work / (2 * timeToTarget), work / (timeToTarget + length / 2));
        double withWaits = timeToTarget > length / 2 ? work / (timeToTarget + length / 2) : least;
        assertThat(simulation.shareAfter(ADAPTED)).isBetween(withWaits * 0.9, withWaits * 1.6);
    }

    @Test
    void backlog_afterTheInflowGrowsTenfold_isBelowTheTargetWithinFourPasses() {
        int growth = 3_600;
        long target = 60_000;
        Simulation simulation =
                new Simulation(second -> second < growth ? 300 : 3_000, /* work= */ 2, target).run(2_000);

        int firstPassAfterGrowth = 0;
        while (simulation
                .passes
                .reversed()
                .get(firstPassAfterGrowth)
                .startedAt()
                .isBefore(START.plusSeconds(growth))) {
            firstPassAfterGrowth++;
        }

        assertThat(simulation.highestBacklogAfter(firstPassAfterGrowth + 4)).isLessThan((double) target);
    }

    @Test
    void passes_afterTheInflowStops_slowDown_untilTheyTakeAThousandthOfTheTime() {
        Simulation simulation =
                new Simulation(second -> second < 600 ? 5_000 : 0, /* work= */ 2, /* target= */ 100_000).run(80);
        PassPlan last = simulation.plans.getLast();

        assertThat(last.share()).isEqualTo(PassPlan.MIN_SHARE);

        // Passes still take a thousandth of the time, so that they find out when keys begin to expire again.
        int lastFive = 75;
        assertThat(simulation.shareAfter(lastFive)).isBetween(0.0009, 0.00101);
    }

    @ParameterizedTest
    @CsvSource({
        // seconds of work per pass, seconds from the end of a pass until the next pass if nothing expires
        "0.01, 600",
        "0.5, 600",
        "2, 1900",
        "60, 3600",
    })
    void nextPass_withoutInflow_startsAfterAWaitThatFollowsFromTheWork(double work, long seconds) {
        Simulation simulation = new Simulation(second -> 0, work, /* target= */ 1_000_000).run(20);

        assertThat(simulation.plans.getLast().notBefore())
                .isEqualTo(simulation.passes.get(1).finishedAt().plusSeconds(seconds));
    }

    @Test
    void nextPass_afterAPassThatFoundMoreThanTheTarget_followsSooner() {
        // Nothing expires for hours, and then more keys than the target expire together.
        Simulation quiet = new Simulation(second -> 0, /* work= */ 2, /* target= */ 100_000).run(20);
        Pass lastQuietPass = quiet.passes.getFirst();
        Instant start = lastQuietPass.finishedAt().plusSeconds(1_900);
        Pass largePass = new Pass(start, start.plusSeconds(100), PassPlan.MIN_SHARE, /* reclaimed= */ 1_000_000);
        PassPlan plan = PassPlan.next(
                List.of(largePass, lastQuietPass), /* target= */ 100_000, MAX_SHARE, largePass.finishedAt());

        assertThat(plan.notBefore()).isBefore(largePass.finishedAt().plusSeconds(600));
    }

    @Test
    void plan_ifTheTargetIsOutOfReach_hasTheHighestShareAndNoWait() {
        // A pass takes 16 s at the highest share, in which 800,000 keys expire. On average, half as many keys are dead.
        Simulation simulation = new Simulation(second -> 50_000, /* work= */ 4, /* target= */ 10_000).run(10);
        PassPlan last = simulation.plans.getLast();

        assertThat(last.share()).isEqualTo(MAX_SHARE);
        assertThat(last.notBefore()).isEqualTo(simulation.passes.get(1).finishedAt());
        assertThat(last.expected()).isEqualTo(400_000);
        assertThat(last.reason())
                .contains("keep about 400000 dead keys, which is more than the target: the pace allows no more");
    }

    @Test
    void share_afterAJumpOfTheInflow_growsFourfoldAtMost() {
        // The last pass has found so many expired keys that even four times its share is not enough for the target.
        Pass before = new Pass(START, START.plusSeconds(100), /* share= */ 0.02, /* reclaimed= */ 10);
        Pass last =
                new Pass(START.plusSeconds(100), START.plusSeconds(200), /* share= */ 0.02, /* reclaimed= */ 1_000_000);
        PassPlan plan = PassPlan.next(List.of(last, before), /* target= */ 10_000, MAX_SHARE, START.plusSeconds(200));

        assertThat(plan.share()).isEqualTo(0.08);
        assertThat(plan.reason())
                .endsWith("which is more than the target: a pass may take 4 times the share of the last one");
    }

    @Test
    void plan_whenTheLastPassesWereHoursAgo_beginsAnewWithAMeasurement() {
        Pass old = new Pass(START, START.plusSeconds(8), /* share= */ 0.25, /* reclaimed= */ 10);
        Pass older = new Pass(START.minusSeconds(100), START.minusSeconds(92), /* share= */ 0.25, /* reclaimed= */ 10);
        Instant now = START.plusSeconds(3 * 3_600);
        PassPlan plan = PassPlan.next(List.of(old, older), /* target= */ 1_000, MAX_SHARE, now);

        assertThat(plan.notBefore()).isEqualTo(now);
        assertThat(plan.share()).isEqualTo(MAX_SHARE);
        assertThat(plan.reason()).contains("this pass measures how fast keys expire");
    }

    @Test
    void plan_afterPassesThatTookNoTime_hasTheDefaultShareAndWait() {
        Pass last = new Pass(START, START, /* share= */ 1, /* reclaimed= */ 0);
        Pass before = new Pass(START, START, /* share= */ 1, /* reclaimed= */ 0);
        PassPlan plan = PassPlan.next(List.of(last, before), /* target= */ 1, /* maxShare= */ 1, START);

        assertThat(plan.share()).isEqualTo(0.25);
        assertThat(plan.notBefore()).isEqualTo(START.plus(Duration.ofMinutes(10)));
    }
}
