package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Tests checkpoints that a sweep of a distant server takes while steps are in flight, in simulated time.
 *
 * <p>The counts must be exact, and no expired key may be skipped, whatever happens between two checkpoints. {@code
 * reasons()} returns the reasons of the holds.
 */
final class InFlightStatusTest extends SweepTestCase {

    @SuppressWarnings("UnusedVariable") // Parameterized tests read it by its name.
    private static final List<PacePolicy> PROFILES = List.of(PacePolicy.GENTLE, PacePolicy.BALANCED, PacePolicy.FULL);

    /** The time between checkpoints; it is short, so that faults occur at different times before and after them. */
    private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(40);

    /** The number of parts of a sweep between whose ends a fault occurs. */
    private static final int SAMPLES = 13;

    @Test
    void sweep_manyCheckpoints_leaveTheServerIdleOncePerSecond() throws InterruptedException {
        SimulatedServer distantServer = new SimulatedServer(/* live= */ 160_000, /* expired= */ 80_000, /* bits= */ 17);
        distantServer.oneWay = Duration.ofMillis(10);
        distantServer.costPerKey = Duration.ofNanos(16_000);
        distantServer.settings.put("import-mode", "no");

        SweepReport report = run(distantServer, SweepRequest.of(request.deployment(), PacePolicy.FULL), events);

        List<SimulatedServer.StepRun> runs = distantServer.stepRuns;
        // A round trip takes 20 ms. At the start and near the end, there are fewer steps on their way.
        List<Duration> idleTimes = IntStream.range(runs.size() / 10, runs.size() * 9 / 10)
                .mapToObj(i ->
                        Duration.ofNanos(runs.get(i).began() - runs.get(i - 1).ended()))
                .filter(time -> time.compareTo(Duration.ofMillis(15)) > 0)
                .toList();

        long seconds = report.elapsed().toSeconds();
        assertThat(seconds).isGreaterThan(2);
        assertThat(checkpoints()).hasSizeGreaterThan((int) (3 * seconds));
        // One checkpoint per second measures the round trip, while no step is in flight.
        assertThat(idleTimes).hasSizeBetween(1, (int) seconds);
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void sweep_crashAtAnyStep_resumesToExactCount(PacePolicy policy) throws InterruptedException {
        for (int crashAt : samples(policy)) {
            SimulatedServer distantServer = distantServer();
            distantServer.beforeStep = number -> {
                if (number == crashAt) {
                    throw new IllegalStateException("crash");
                }
            };
            List<SweepEvent> receivedEvents = new ArrayList<>();
            assertThatThrownBy(() -> run(distantServer, requestWithCheckpoints(policy), receivedEvents))
                    .hasMessage("crash");

            distantServer.beforeStep = number -> {};
            SweepReport report = run(
                    distantServer,
                    requestWithCheckpoints(policy).resumingFrom(lastCheckpoint(receivedEvents)),
                    receivedEvents);

            assertThat(report.reclaimed()).as("crash at step %d", crashAt).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(distantServer.dead).isEmpty();
        }
    }

    /** The server runs the steps in flight, but none of their replies arrives. */
    @ParameterizedTest
    @FieldSource("PROFILES")
    void sweep_connectionBreaksAtAnyStep_countsAllUncertainSteps(PacePolicy policy) throws InterruptedException {
        for (int lostAt : samples(policy)) {
            SimulatedServer distantServer = distantServer();
            distantServer.loseReplyOfStep = lostAt;

            SweepReport report = run(distantServer, requestWithCheckpoints(policy), new ArrayList<>());

            assertThat(report.reclaimed()).as("reply lost of step %d", lostAt).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(distantServer.dead).isEmpty();
            assertThat(distantServer.links).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void sweep_writesPausedAtAnyStep_repeatsHiddenKeys(PacePolicy policy) throws InterruptedException {
        for (int pausedAt : samples(policy)) {
            SimulatedServer distantServer = distantServer();
            distantServer.beforeStep = number -> {
                if (number == pausedAt) {
                    distantServer.pausedActions = "write";
                }
            };
            int[] inFlightAtHold = {0};
            SweepReport report = run(distantServer, requestWithCheckpoints(policy), event -> {
                if (event instanceof SweepEvent.HoldBegan) {
                    inFlightAtHold[0] += distantServer.inFlight;
                    distantServer.pausedActions = "none";
                }
            });

            assertThat(report.reclaimed()).as("paused at step %d", pausedAt).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(distantServer.dead).isEmpty();
            assertThat(inFlightAtHold[0]).isZero();
        }
    }

    /** Only one status shows that writes were paused. The steps before it must be repeated all the same. */
    @ParameterizedTest
    @FieldSource("PROFILES")
    void sweep_writesPausedUntilOneStatus_repeatsHiddenKeys(PacePolicy policy) throws InterruptedException {
        for (int pausedAt : samples(policy)) {
            SimulatedServer distantServer = distantServer();
            boolean[] isPauseReported = {false};
            distantServer.load = () -> {
                isPauseReported[0] |= distantServer.pausedActions.equals("write");
                return "";
            };
            distantServer.beforeStep = number -> {
                if (number == pausedAt) {
                    distantServer.pausedActions = "write";
                } else if (isPauseReported[0]) {
                    distantServer.pausedActions = "none";
                }
            };

            // If the status was read with no step in flight, the sweep holds.
            SweepReport report = run(distantServer, requestWithCheckpoints(policy), event -> {
                if (event instanceof SweepEvent.HoldBegan) {
                    distantServer.pausedActions = "none";
                }
            });

            assertThat(report.reclaimed()).as("paused at step %d", pausedAt).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(distantServer.dead).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void sweep_serverBecomesReplica_nextRunVisitsHiddenKeys(PacePolicy policy) throws InterruptedException {
        for (int demotedAt : samples(policy)) {
            SimulatedServer distantServer = distantServer();
            distantServer.beforeStep = number -> {
                if (number == demotedAt) {
                    distantServer.role = "slave";
                }
            };
            List<SweepEvent> receivedEvents = new ArrayList<>();
            assertThatExceptionOfType(NodeRefusedException.class)
                    .isThrownBy(() -> run(distantServer, requestWithCheckpoints(policy), receivedEvents))
                    .matches(e -> e.reason() == Reason.REPLICA);

            distantServer.role = "master";
            distantServer.beforeStep = number -> {};
            SweepReport report = run(
                    distantServer,
                    requestWithCheckpoints(policy).resumingFrom(lastCheckpoint(receivedEvents)),
                    receivedEvents);

            assertThat(report.reclaimed()).as("replica at step %d", demotedAt).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(distantServer.dead).isEmpty();
        }
    }

    /**
     * Only one status shows the swap, because the statistics are reset after it. The sweep must not rely on the next
     * status.
     */
    @Test
    void sweep_databasesSwappedBeforeOneStatus_startsAgain() throws InterruptedException {
        SimulatedServer distantServer = distantServer();
        int[] stepsAtSwap = {0};
        distantServer.load = () -> {
            if (stepsAtSwap[0] == 0 && distantServer.steps > 100) {
                stepsAtSwap[0] = distantServer.steps;
            }
            boolean isCounted = distantServer.steps > 0 && distantServer.steps == stepsAtSwap[0];
            return "cmdstat_swapdb:calls=" + (isCounted ? 1 : 0) + ",usec=9,usec_per_call=3.00";
        };

        SweepReport report = run(distantServer, requestWithCheckpoints(PacePolicy.FULL), events);

        assertThat(stepsAtSwap[0]).isPositive();
        assertThat(reasons())
                .containsExactly("reconnecting: its databases were swapped (SWAPDB), so the pass starts again");
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
    }

    /** Only the status shows that the sweep must reconnect. The connection still works, so no step becomes uncertain. */
    @Test
    void sweep_wasReplicaForAWhile_receivesItsStepsBeforeItReconnects() throws InterruptedException {
        SimulatedServer distantServer = distantServer();
        distantServer.load = () -> "master_replid:" + (distantServer.steps < 200 ? "a" : "b")
                + "\r\nmaster_replid2:c\r\nmaster_repl_offset:1000";
        int[] inFlightAtHold = {-1};

        SweepReport report = run(distantServer, requestWithCheckpoints(PacePolicy.GENTLE), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                inFlightAtHold[0] = distantServer.inFlight;
            }
        });

        assertThat(reasons())
                .containsExactly("reconnecting: it was a replica for a while, so its keys may have changed");
        assertThat(inFlightAtHold[0]).isZero();
        assertThat(report.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_silentReplica_holdsWithoutStepsInFlight() throws InterruptedException {
        SimulatedServer distantServer = distantServer();
        boolean[] isSilent = {false};
        distantServer.beforeStep = number -> isSilent[0] |= number == 200;
        distantServer.load = () -> "master_repl_offset:1000\r\n"
                + "slave0:ip=127.0.0.1,port=1,state=online,offset=1000,lag=" + (isSilent[0] ? 20 : 0);
        int[] inFlightAtHold = {-1};

        SweepReport report = run(distantServer, requestWithCheckpoints(PacePolicy.GENTLE), event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                inFlightAtHold[0] = distantServer.inFlight;
                isSilent[0] = false;
                distantServer.beforeStep = number -> {};
            }
        });

        assertThat(reasons()).singleElement().asString().contains("a replica has confirmed nothing");
        assertThat(inFlightAtHold[0]).isZero();
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
    }

    /** Returns some of the steps of an undisturbed sweep. */
    private int[] samples(PacePolicy policy) throws InterruptedException {
        SimulatedServer distantServer = distantServer();
        List<SweepEvent> receivedEvents = new ArrayList<>();
        run(distantServer, requestWithCheckpoints(policy), receivedEvents);

        assertThat(distantServer.maxInFlight).isGreaterThan(4);
        assertThat(receivedEvents)
                .filteredOn(SweepEvent.Checkpointed.class::isInstance)
                .hasSizeGreaterThan(8);
        return IntStream.range(1, SAMPLES)
                .map(i -> i * distantServer.steps / SAMPLES)
                .toArray();
    }

    private SweepRequest requestWithCheckpoints(PacePolicy policy) {
        return SweepRequest.of(request.deployment(), policy).withCheckpointEvery(CHECKPOINT_EVERY);
    }

    /** Returns a server with a round trip of 20 ms, which reclaims slowly, so that a sweep takes many checkpoints. */
    private static SimulatedServer distantServer() {
        SimulatedServer distantServer = new SimulatedServer(LIVE, DEAD, /* bits= */ 14);
        distantServer.oneWay = Duration.ofMillis(10);
        distantServer.costPerKey = Duration.ofNanos(10_000);
        return distantServer;
    }
}
