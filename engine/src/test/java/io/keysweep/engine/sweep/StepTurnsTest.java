package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the pace of sweeps over a distance, in simulated time. Several steps are then on their way at a time, and each
 * has a turn: the interval by the server's clock in which it may start.
 *
 * <p>The servers are {@link SimulatedServer}s; {@code events} gets the events of all sweeps.
 */
final class StepTurnsTest extends SweepTestCase {

    private static final int FAR_LIVE = 160_000;
    private static final int FAR_DEAD = 80_000;
    private static final int TABLE_BITS = 17;

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void sweep_gentleOverADistance_isAboutAsFastAsNear(int roundTripMillis) throws InterruptedException {
        assertThat(relativeRate(PacePolicy.GENTLE, roundTripMillis)).isGreaterThan(minRelativeRate(roundTripMillis));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void sweep_balancedOverADistance_isAboutAsFastAsNear(int roundTripMillis) throws InterruptedException {
        assertThat(relativeRate(PacePolicy.BALANCED, roundTripMillis)).isGreaterThan(minRelativeRate(roundTripMillis));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20})
    void sweep_fullOverADistance_isAboutAsFastAsNear(int roundTripMillis) throws InterruptedException {
        assertThat(relativeRate(PacePolicy.FULL, roundTripMillis)).isGreaterThan(minRelativeRate(roundTripMillis));
    }

    /**
     * Turns leave room for the delays that are usual between two machines. Without this room, most steps would miss
     * their turns.
     */
    @ParameterizedTest
    @MethodSource("profiles")
    void sweep_usualJitter_keepsMostOfTheRate(PacePolicy policy) throws InterruptedException {
        SimulatedServer nearServer = new SimulatedServer(FAR_LIVE, FAR_DEAD, TABLE_BITS);
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 10);
        // The delay of a command is 0.2 ms on average.
        Random random = new Random(5);
        distantServer.jitter = () -> Duration.ofNanos((long) (random.nextExponential() * 200_000));

        run(nearServer, policy);
        run(distantServer, policy);

        assertThat(busyPart(distantServer.stepRuns) / busyPart(nearServer.stepRuns))
                .isGreaterThan(0.7);
    }

    static List<PacePolicy> profiles() {
        return List.of(PacePolicy.GENTLE, PacePolicy.BALANCED, PacePolicy.FULL);
    }

    @Test
    void sweep_jitter_neverRunsStepsWithoutAPause() throws InterruptedException {
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 10);
        // The delay of a command is 0.5 ms on average.
        Random random = new Random(5);
        distantServer.jitter = () -> Duration.ofNanos((long) (random.nextExponential() * 500_000));

        SweepReport report = run(distantServer, PacePolicy.GENTLE);

        assertThat(report.reclaimed()).isEqualTo(FAR_DEAD);
        assertThat(distantServer.missedTurns).isPositive();

        List<SimulatedServer.StepRun> runs = distantServer.stepRuns;
        for (int i = 1; i < runs.size(); i++) {
            long pause = runs.get(i).began() - runs.get(i - 1).ended();
            assertThat(pause).as("the pause before step %d, ns", i).isPositive();
        }

        assertThat(largestShare(runs))
                .as("the share of the pace gentle is 0.25, and may be a bit larger within 50 ms")
                .isLessThan(0.3);
    }

    @Test
    void sweep_stallOnTheNetwork_keepsOthersWaitingWithinTheStallBudget() throws InterruptedException {
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 10);
        int[] sends = new int[1];
        // Every 500th command takes 60 ms longer, and all commands behind it wait until it is done.
        distantServer.jitter = () -> ++sends[0] % 500 == 0 ? Duration.ofMillis(60) : Duration.ZERO;

        SweepReport report = run(distantServer, PacePolicy.FULL);

        assertThat(report.reclaimed()).isEqualTo(FAR_DEAD);
        assertThat(distantServer.missedTurns).isPositive();

        // A command of another client that arrives together with a step waits for the steps before it and for the step.
        assertThat(distantServer.stepRuns)
                .extracting(step -> Duration.ofNanos(step.ended() - step.arrived()))
                .allMatch(wait -> wait.compareTo(PacePolicy.FULL.stallBudget()) <= 0);
    }

    /** The sweep completes even if no step is left after the first steps, which show what is needed to plan turns. */
    @ParameterizedTest
    @MethodSource("smallDatabases")
    void sweep_smallDatabaseOverADistance_isComplete(int keys, PacePolicy policy) throws InterruptedException {
        SimulatedServer distantServer = new SimulatedServer(keys, /* expired= */ 10, TABLE_BITS);
        distantServer.oneWay = Duration.ofMillis(1);

        assertThat(runWithinAnHour(distantServer, policy).reclaimed()).isEqualTo(10);
    }

    static Stream<Arguments> smallDatabases() {
        return IntStream.of(0, 50, 100, 150, 200, 240, 280, 320, 360, 400, 440, 1_000)
                .boxed()
                .flatMap(keys -> profiles().stream().map(policy -> Arguments.of(keys, policy)));
    }

    /** The checkpoint that plans the turns finds that no key with a TTL is left. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void sweep_lastTtlGoneDuringTheFirstSteps_isComplete(int step) throws InterruptedException {
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 1);
        distantServer.liveWithTtl = 0;
        distantServer.beforeStep = started -> {
            if (started == step) {
                distantServer.expireElsewhere(FAR_DEAD);
            }
        };

        assertThat(runWithinAnHour(distantServer, PacePolicy.GENTLE).visited()).isLessThan(FAR_LIVE);
    }

    /** Each round trip before the first step delays the sweep, so there are at most fourteen of them. */
    @ParameterizedTest
    @MethodSource("profiles")
    void sweep_overADistance_sendsItsFirstStepAfterAtMostFourteenRoundTrips(PacePolicy policy)
            throws InterruptedException {
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 10);
        run(distantServer, policy);

        Duration firstStep = Duration.ofNanos(distantServer.stepRuns.getFirst().began());
        // The first step begins half a round trip after it is sent.
        assertThat(firstStep).isLessThan(Duration.ofMillis(15 * 20));
    }

    /** The sweep makes few probes, because a probe at each checkpoint would take too long. They show the latency. */
    @Test
    void sweep_busyServerOverADistance_slowsDown() throws InterruptedException {
        SimulatedServer distantServer = distantServer(/* oneWayMillis= */ 10);
        // After some steps, all commands wait for 150 ms for another client.
        distantServer.jitter = () -> distantServer.steps < 50 ? Duration.ZERO : Duration.ofMillis(150);

        run(distantServer, PacePolicy.FULL);

        assertThat(events)
                .filteredOn(SweepEvent.Progressed.class::isInstance)
                .extracting(event -> ((SweepEvent.Progressed) event).progress().slowedBy())
                .filteredOn(Objects::nonNull)
                .anySatisfy(reason -> assertThat(reason).contains("callers wait"));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void sweep_serverClockSet_continuesAtTheSamePace(int hoursForward) throws InterruptedException {
        SimulatedServer undisturbedServer = distantServer(/* oneWayMillis= */ 10);
        Duration undisturbedTime = run(undisturbedServer, PacePolicy.GENTLE).elapsed();

        SimulatedServer serverWithChangedClock = distantServer(/* oneWayMillis= */ 10);
        serverWithChangedClock.runAfter(
                Duration.ofMillis(500), () -> serverWithChangedClock.clockOffsetMicros = hoursForward * 3_600_000_000L);
        SweepReport report = run(serverWithChangedClock, PacePolicy.GENTLE);

        assertThat(report.reclaimed()).isEqualTo(FAR_DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(report.elapsed()).isLessThan(undisturbedTime.multipliedBy(2));
    }

    /** Sweeps a server, and asserts that the sweep completes within an hour of simulated time. */
    private SweepReport runWithinAnHour(SimulatedServer target, PacePolicy policy) throws InterruptedException {
        SweepReport report = run(
                target,
                SweepRequest.of(request.deployment(), policy)
                        .withDeadline(target.clock.instant().plus(Duration.ofHours(1))),
                events);
        assertThat(report.ending()).isEqualTo(SweepReport.Ending.COMPLETED);
        return report;
    }

    /** Returns the lowest relative rate that is good enough; {@code dev/bench distance} has the same limits. */
    private static double minRelativeRate(int roundTripMillis) {
        return roundTripMillis > 2 ? 0.7 : 0.85;
    }

    /** Returns the rate over a distance, divided by the rate of the same sweep near the server. */
    private double relativeRate(PacePolicy policy, int roundTripMillis) throws InterruptedException {
        SimulatedServer nearServer = new SimulatedServer(FAR_LIVE, FAR_DEAD, TABLE_BITS);
        SimulatedServer distantServer = distantServer(roundTripMillis / 2.0);
        run(nearServer, policy);
        SweepReport farReport = run(distantServer, policy);

        assertThat(farReport.reclaimed()).isEqualTo(FAR_DEAD);
        assertThat(farReport.exact()).isTrue();
        // Within 50 ms, the steps may take a bit more than the share.
        assertThat(largestShare(distantServer.stepRuns)).isLessThanOrEqualTo(policy.shareCeiling() * 1.1 + 0.05);
        return busyPart(distantServer.stepRuns) / busyPart(nearServer.stepRuns);
    }

    /** Returns the part of the time in which steps ran in the middle half of the sweep, without its start and end. */
    private static double busyPart(List<SimulatedServer.StepRun> runs) {
        List<SimulatedServer.StepRun> middleHalf = runs.subList(runs.size() / 4, runs.size() * 3 / 4);
        long busyNanos =
                middleHalf.stream().mapToLong(run -> run.ended() - run.began()).sum();
        return (double) busyNanos
                / (middleHalf.getLast().ended() - middleHalf.getFirst().began());
    }

    /** Returns a distant server, with the time that a command takes to the server and a reply takes back. */
    private static SimulatedServer distantServer(double oneWayMillis) {
        SimulatedServer distantServer = new SimulatedServer(FAR_LIVE, FAR_DEAD, TABLE_BITS);
        distantServer.oneWay = Duration.ofNanos((long) (oneWayMillis * 1_000_000));
        return distantServer;
    }

    private SweepReport run(SimulatedServer target, PacePolicy policy) throws InterruptedException {
        return run(target, SweepRequest.of(request.deployment(), policy), events);
    }

    /** Returns the largest part of any window of 50 ms in which steps ran, 0 to 1. */
    private static double largestShare(List<SimulatedServer.StepRun> runs) {
        long window = Duration.ofMillis(50).toNanos();
        long busyNanos = 0;
        long maxBusyNanos = 0;
        int firstInWindow = 0;
        for (SimulatedServer.StepRun run : runs) {
            busyNanos += run.ended() - run.began();
            while (runs.get(firstInWindow).began() < run.ended() - window) {
                busyNanos -= runs.get(firstInWindow).ended()
                        - runs.get(firstInWindow).began();
                firstInWindow++;
            }
            maxBusyNanos = Math.max(maxBusyNanos, busyNanos);
        }
        return (double) maxBusyNanos / window;
    }
}
