package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.Access;
import io.keysweep.engine.topology.Deployment;
import io.keysweep.engine.topology.NodeAddress;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SweepTest {

    private static final int LIVE = 30_000;
    private static final int DEAD = 15_000;

    private final SimulatedServer server = new SimulatedServer(LIVE, DEAD);
    private final SweepControl control = new SweepControl();
    private final List<SweepEvent> events = new ArrayList<>();
    private final SweepRequest request =
            SweepRequest.of(new Deployment.Standalone(new NodeAddress("simulated", 1), Access.OPEN), PacePolicy.GENTLE);

    @Test
    void sweep_quietServer_reclaimsAllAndTellsItInOrder() throws InterruptedException {
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.dead).isEmpty();
        assertThat(events.getFirst()).isInstanceOf(SweepEvent.Started.class);
        assertThat(events.getLast()).isEqualTo(new SweepEvent.Finished(report));
        Checkpoint last = checkpoints().getLast();
        assertThat(last.reclaimed()).isEqualTo(DEAD);
        assertThat(last.databases()).allMatch(Checkpoint.DatabasePosition::complete);
    }

    @Test
    void sweep_gentle_takesAQuarterOfTheServerAtMost() throws InterruptedException {
        SweepReport report = sweep(request);
        Duration busy = Duration.ofNanos(2_000 * report.visited());
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(busy.multipliedBy(4));
        // A call returns whole buckets, and the simulated table has some 30 keys in each.
        assertThat(report.longestStall())
                .isLessThanOrEqualTo(PacePolicy.GENTLE.stallBudget().plusNanos(100_000));
    }

    @Test
    void progress_overASweep_neverGoesBackAndComesAtMostTenTimesASecond() throws InterruptedException {
        SweepReport report = sweep(request);
        List<SweepProgress> progress = events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress())
                .toList();
        assertThat(progress)
                .extracting(SweepProgress::fraction)
                .isSorted()
                .last()
                .isEqualTo(1.0);
        assertThat(progress).hasSizeGreaterThan(2);
        assertThat(progress.size()).isLessThanOrEqualTo((int) (report.elapsed().toMillis() / 100) + 1);
    }

    @Test
    void checkpoints_overASweep_areNeverFartherApartThanAsked() throws InterruptedException {
        List<Long> times = new ArrayList<>(List.of(0L));
        new Sweep(server, timing(), new Random(1), request, control, event -> {
                    if (event instanceof SweepEvent.Checkpointed) {
                        times.add(server.clock.nanoTime());
                    }
                })
                .run();
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1)).isLessThan(260_000_000);
        }
    }

    @Test
    void checkpoints_underALowRateCeiling_areNoFartherApart() throws InterruptedException {
        SweepReport report = sweep(SweepRequest.of(request.deployment(), PacePolicy.FULL.withRateCeiling(5))
                .withDeadline(server.clock.instant().plusSeconds(60))
                .withCheckpointEvery(Duration.ofSeconds(1)));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.visited()).isLessThanOrEqualTo(5 * 60 + 30);
        assertThat(checkpoints()).hasSizeGreaterThan(50);
    }

    /** As by SIGSTOP, while nobody has sent anything; meanwhile another worker has taken the sweep up. */
    @Test
    void sweep_frozenBeforeAStep_asksWhetherItIsStillItsOwnBeforeItSendsOne() {
        server.at(Duration.ofMillis(1), () -> server.clock.advance(Duration.ofSeconds(10)));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run(server, request, event -> {
                    events.add(event);
                    if (checkpoints().size() == 2) {
                        throw new IllegalStateException("superseded");
                    }
                }))
                .withMessage("superseded");
        assertThat(server.steps).isZero();
        assertThat(server.dead).hasSize(DEAD);
    }

    @Test
    void sweep_cancelledWithAStepInDoubt_saysSoAndTheNextRunSettlesIt() throws InterruptedException {
        server.loseAnswerOfStep = 9;
        SweepReport first = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                control.cancel();
            }
        });
        assertThat(first.exact()).isFalse();

        SweepReport second = new Sweep(
                        server,
                        timing(),
                        new Random(1),
                        request.resumingFrom(checkpoints().getLast()),
                        new SweepControl(),
                        event -> {})
                .run();
        assertThat(second.reclaimed()).isEqualTo(DEAD);
        assertThat(second.exact()).isTrue();
    }

    @Test
    void sweep_deadlineInMidSweep_timesOutWithACheckpoint() throws InterruptedException {
        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusMillis(200)));

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.elapsed()).isLessThan(Duration.ofMillis(205));
        assertThat(report.reclaimed()).isBetween(1L, DEAD - 1L);
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(report.reclaimed());

        SweepReport rest = sweep(request.resumingFrom(checkpoints().getLast()));
        assertThat(rest.reclaimed()).isEqualTo(DEAD);
    }

    @Test
    void sweep_fullShare_reclaimsAllWithSeveralStepsOnTheirWay() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(60_000, 30_000);
        SweepReport report = run(large, full(), events);
        assertThat(report.reclaimed()).isEqualTo(30_000);
        assertThat(report.exact()).isTrue();
        assertThat(large.mostOnTheirWay).isEqualTo(4);
        assertThat(checkpoints().getLast().databases()).allMatch(Checkpoint.DatabasePosition::complete);
    }

    @Test
    void sweep_fullShareAnswersLost_settlesAllThatWereOnTheirWay() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(60_000, 30_000);
        large.loseAnswerOfStep = 30;
        SweepReport report = run(large, full(), events);
        assertThat(report.reclaimed()).isEqualTo(30_000);
        assertThat(report.exact()).isTrue();
        assertThat(large.links).isEqualTo(2);
    }

    @Test
    void sweep_fullShareCancelled_leavesNothingInDoubt() throws InterruptedException {
        SimulatedServer large = new SimulatedServer(60_000, 30_000);
        large.beforeStep = step -> {
            if (step == 31) {
                control.cancel();
            }
        };
        SweepReport report = run(large, full(), events);
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.exact()).isTrue();
        assertThat(report.reclaimed()).isEqualTo(30_000 - large.dead.size());
        assertThat(checkpoints().getLast().stepsMayFollow()).isFalse();
        assertThat(run(large, full().resumingFrom(checkpoints().getLast()), new SweepControl(), events)
                        .reclaimed())
                .isEqualTo(30_000);
    }

    @Test
    void control_paused_holdsWithinAStepUntilResumed() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 7) {
                control.pause(new SweepControl.Intervention("ann", "nightly backup"));
            }
        };
        int[] stepsAtPause = new int[1];
        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                stepsAtPause[0] = server.steps;
                server.beforeStep = step -> {};
                server.at(Duration.ofMinutes(2), control::resume);
            }
        });
        assertThat(stepsAtPause[0]).isEqualTo(7);
        assertThat(reasons()).containsExactly("paused by ann: nightly backup");
        assertThat(events).contains(new SweepEvent.HoldEnded());
        assertThat(report.elapsed()).isGreaterThan(Duration.ofMinutes(2));
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
    }

    @Test
    void control_cancelledWhilePaused_ends() throws InterruptedException {
        control.pause(new SweepControl.Intervention("ann", ""));
        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                server.at(Duration.ofSeconds(1), control::cancel);
            }
        });
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.steps()).isZero();
        assertThat(reasons()).containsExactly("paused by ann");
    }

    @Test
    void control_deadlineWhilePaused_timesOut() throws InterruptedException {
        control.pause(new SweepControl.Intervention("ann", ""));
        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusSeconds(5)));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
    }

    @Test
    void control_retuned_goesOnAtTheNewPaceAndSaysWhoSetIt() throws InterruptedException {
        SweepControl.Intervention ann = new SweepControl.Intervention("ann", "nobody is here");
        PacePolicy slow = PacePolicy.GENTLE.withRateCeiling(1_000);
        server.beforeStep = step -> {
            if (step == 7) {
                control.retune(slow, ann);
            }
        };
        SweepReport report = sweep(request.withDeadline(server.clock.instant().plusSeconds(10)));
        assertThat(events).containsOnlyOnce(new SweepEvent.Retuned(slow, ann));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.visited()).isBetween(9_000L, 12_000L);
    }

    @Test
    void sweep_cancelled_endsAfterTheStep() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 7) {
                control.cancel();
            }
        };
        SweepReport report = sweep(request);
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.steps()).isEqualTo(7);
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(report.reclaimed());
    }

    @Test
    void sweep_threadInterrupted_tellsACheckpointAndThrows() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 7) {
                Thread.currentThread().interrupt();
            }
        };
        assertThatThrownBy(() -> sweep(request)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        server.beforeStep = step -> {};

        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(DEAD - server.dead.size());
        assertThat(sweep(request.resumingFrom(checkpoints().getLast())).reclaimed())
                .isEqualTo(DEAD);
    }

    @Test
    void sweep_answerLost_countsWhatTheServerDid() throws InterruptedException {
        server.loseAnswerOfStep = 9;

        SweepReport report = sweep(request);

        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.links).isEqualTo(2);
        assertThat(reasons()).containsExactly("server unreachable: connection broke");
        assertThat(events).contains(new SweepEvent.HoldEnded());
    }

    @Test
    void sweep_answerLostWhileOthersExpire_isAnEstimateThatSaysSo() throws InterruptedException {
        server.loseAnswerOfStep = 9;
        server.beforeStep = step -> server.expireElsewhere(3);

        SweepReport report = sweep(request);

        assertThat(report.exact()).isFalse();
        assertThat(report.reclaimed()).isBetween(DEAD - 3L * server.steps, (long) DEAD);
    }

    @Test
    void sweep_othersExpireButNoStepInDoubt_staysExact() throws InterruptedException {
        long[] byOthers = {0};
        server.beforeStep = step -> {
            long before = server.expiredKeys;
            server.expireElsewhere(3);
            byOthers[0] += server.expiredKeys - before;
        };
        SweepReport report = sweep(request);
        assertThat(report.exact()).isTrue();
        assertThat(report.reclaimed() + byOthers[0]).isEqualTo(DEAD);
    }

    @Test
    void sweep_listenerThrows_resumesFromAnyCheckpointToTheExactSum() throws InterruptedException {
        for (int crashAt = 5; crashAt < 60; crashAt += 5) {
            SimulatedServer crashing = new SimulatedServer(LIVE, DEAD);
            int step = crashAt;
            crashing.beforeStep = number -> {
                if (number == step) {
                    throw new IllegalStateException("crash");
                }
            };
            List<SweepEvent> told = new ArrayList<>();
            SweepRequest often = request.withCheckpointEvery(Duration.ofMillis(20));
            assertThatThrownBy(() -> run(crashing, often, told)).hasMessage("crash");
            crashing.beforeStep = number -> {};
            Checkpoint last = lastCheckpoint(told);

            SweepReport report = run(crashing, often.resumingFrom(last), told);

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(crashing.dead).isEmpty();
        }
    }

    @Test
    void sweep_serverRestarts_startsOverAndKeepsCounts() throws InterruptedException {
        int[] before = {0};
        server.beforeStep = step -> {
            if (step == 20) {
                before[0] = DEAD - server.dead.size();
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke", null);
            }
        };
        SweepReport report = sweep(request);
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(before[0]).isPositive();
        assertThat(checkpoints().getLast().runId()).isEqualTo("run-2");
    }

    @Test
    void sweep_serverStaysAway_givesUpAfterPatience() {
        server.beforeStep = step -> server.reachable = step < 5;

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
        assertThat(Duration.ofNanos(server.clock.nanoTime())).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(64));
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(DEAD - server.dead.size());
    }

    @Test
    void sweep_cancelledWhileServerIsAway_endsAtOnce() throws InterruptedException {
        server.beforeStep = step -> server.reachable = step < 5;
        SweepReport report = run(server, request, event -> {
            if (event instanceof SweepEvent.HoldBegan) {
                control.cancel();
            }
        });
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
    }

    @Test
    void sweep_writesPausedMeanwhile_holdsAndSweepsAgainWhatWasHidden() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 10) {
                server.pausedActions = "write";
            }
        };
        SweepReport report = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                server.pausedActions = "none";
            }
        });
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(server.dead).isEmpty();
        assertThat(reasons()).containsExactly("writes are paused on the server (client_pause)");
    }

    @Test
    void sweep_writesPausedForGood_isRefusedRatherThanCompleted() {
        server.beforeStep = step -> {
            if (step == 10) {
                server.pausedActions = "write";
            }
        };
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.NOT_RECLAIMING);
    }

    @Test
    void sweep_becomesReplica_isRefusedAndHiddenKeysAreNotCovered() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 10) {
                server.role = "slave";
            }
        };
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.REPLICA)
                .withMessageContaining("10.0.0.9:6379");
        server.role = "master";
        server.beforeStep = step -> {};

        assertThat(sweep(request.resumingFrom(checkpoints().getLast())).reclaimed())
                .isEqualTo(DEAD);
        assertThat(server.dead).isEmpty();
    }

    @Test
    void resume_otherProcess_keepsCountsAndStartsOver() throws InterruptedException {
        Checkpoint other =
                new Checkpoint("simulated:1", "gone", null, 500, 200, true, true, true, 77, SlotSet.ALL, 0, List.of());
        SweepReport report = sweep(request.resumingFrom(other));
        assertThat(report.reclaimed()).isEqualTo(DEAD + 200);
        assertThat(report.exact()).isFalse();
    }

    @Test
    void resume_afterAnOrderlyEnd_countsNothingThatOthersReclaimedSince() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 20) {
                control.cancel();
            }
        };
        sweep(request);
        int left = server.dead.size();
        server.expireElsewhere(300);
        int byOthers = left - server.dead.size();
        assertThat(byOthers).isPositive();

        SweepReport second = new Sweep(
                        server,
                        timing(),
                        new Random(1),
                        request.resumingFrom(checkpoints().getLast()),
                        new SweepControl(),
                        event -> {})
                .run();
        assertThat(second.reclaimed()).isEqualTo(DEAD - byOthers);
        assertThat(second.exact()).isTrue();
    }

    @Test
    void resume_afterACrashAndMoreExpiredThanASweepCan_saysThatItIsAnEstimate() throws InterruptedException {
        Checkpoint crashed = new Checkpoint(
                "simulated:1",
                server.runId,
                null,
                1_000_000,
                1,
                true,
                true,
                true,
                server.expiredKeys,
                SlotSet.ALL,
                0,
                List.of());
        server.expireElsewhere(DEAD);
        assertThat(sweep(request.resumingFrom(crashed)).exact()).isFalse();
    }

    @Test
    void resume_whileTheServerIsAway_waitsForIt() throws InterruptedException {
        Checkpoint earlier =
                new Checkpoint("simulated:1", "gone", null, 500, 200, true, true, true, 77, SlotSet.ALL, 0, List.of());
        server.reachable = false;
        SweepReport report = run(server, request.resumingFrom(earlier), event -> {
            events.add(event);
            server.reachable |= event instanceof SweepEvent.HoldBegan;
        });
        assertThat(report.reclaimed()).isEqualTo(DEAD + 200);
        assertThat(reasons()).containsExactly("simulated:1 accepts no connection");
        assertThat(events).contains(new SweepEvent.HoldEnded());
    }

    @Test
    void resume_whileTheServerStaysAway_givesUpAfterPatience() {
        Checkpoint earlier =
                new Checkpoint("simulated:1", "gone", null, 500, 200, true, true, true, 77, SlotSet.ALL, 0, List.of());
        server.reachable = false;
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request.resumingFrom(earlier)))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
    }

    @Test
    void begin_whileTheServerIsAway_isRefusedAtOnce() {
        server.reachable = false;
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
        assertThat(events).isEmpty();
    }

    @Test
    void memory_quietServer_isTheFallOfWhatKeysHold() throws InterruptedException {
        MemoryReport memory = sweep(request).memory();
        assertThat(memory.flow()).isEqualTo(new KeyFlow(0, 0, 0));
        assertThat(memory.reclaimed().way()).isEqualTo(ReclaimedBytes.Way.MEASURED);
        assertThat(memory.reclaimed().bytes()).isEqualTo((long) DEAD * SimulatedServer.BYTES_A_KEY);
        assertThat(memory.purge()).isNull();
        assertThat(server.purges).isZero();
    }

    @Test
    void memory_valuesWaitToBeFreed_isLookedAtOnceTheyAre() throws InterruptedException {
        int[] looks = {0};
        server.lazyFreePending = () -> server.dead.isEmpty() && looks[0]++ < 3 ? 7 : 0;
        SweepReport report = sweep(request);
        assertThat(looks[0]).isGreaterThan(3);
        assertThat(Objects.requireNonNull(report.memory().after()).lazyFreePending())
                .isZero();
        assertThat(report.memory().reclaimed().reckoning()).doesNotContain("at least");
        assertThat(report.elapsed())
                .as("the wait is no sweeping")
                .isLessThan(Duration.ofNanos(server.clock.nanoTime()));
    }

    @Test
    void memory_valuesNeverFreed_endsWithinSecondsAndSaysAtLeast() throws InterruptedException {
        server.lazyFreePending = () -> 7;
        SweepReport report = sweep(request);
        Duration waited = Duration.ofNanos(server.clock.nanoTime()).minus(report.elapsed());
        assertThat(waited).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.memory().reclaimed().reckoning()).contains("at least, as 7 values");
    }

    @Test
    void memory_cancelledWhileValuesWait_endsAtOnce() throws InterruptedException {
        server.lazyFreePending = () -> {
            if (server.dead.isEmpty()) {
                control.cancel();
            }
            return 7;
        };
        SweepReport report = sweep(request.withPurge(true));
        assertThat(Duration.ofNanos(server.clock.nanoTime()).minus(report.elapsed()))
                .isLessThan(Duration.ofMillis(500));
        assertThat(server.purges).isZero();
        assertThat(Objects.requireNonNull(report.memory().purge()).done()).isFalse();
    }

    @Test
    void memory_timedOut_isLookedAtOnceAndNotPurged() throws InterruptedException {
        server.lazyFreePending = () -> 7;
        SweepReport report = sweep(
                request.withPurge(true).withDeadline(server.clock.instant().plusMillis(200)));
        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(Duration.ofNanos(server.clock.nanoTime())).isLessThan(Duration.ofMillis(300));
        assertThat(server.purges).isZero();
    }

    @Test
    void memory_purgeAskedFor_isDoneOnceAtTheEnd() throws InterruptedException {
        SweepReport report = sweep(request.withPurge(true));
        assertThat(report.memory().purge()).isEqualTo(new Purge(true, "done", 9_000_000, 9_000_000));
        assertThat(server.purges).isEqualTo(1);
    }

    @Test
    void memory_serverGoneAtTheEnd_isUnknownRatherThanUnchanged() throws InterruptedException {
        SweepReport report = run(server, request.withPurge(true), event -> {
            if (event instanceof SweepEvent.Progressed progressed
                    && progressed.progress().fraction() == 1) {
                server.reachable = false;
            }
        });
        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.usedMemoryAfter()).isNull();
        assertThat(report.memory().flow()).isNull();
        assertThat(report.memory().reclaimed().way()).isEqualTo(ReclaimedBytes.Way.AVERAGE_KEY);
        assertThat(Objects.requireNonNull(report.memory().purge()).outcome()).contains("did not answer any more");
    }

    @Test
    void memory_serverRestartedMeanwhile_doesNotCompareTwoProcesses() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 20) {
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke", null);
            }
        };
        SweepReport report = sweep(request);
        assertThat(report.memory().flow()).isNull();
        assertThat(report.memory().reclaimed().way()).isEqualTo(ReclaimedBytes.Way.AVERAGE_KEY);
    }

    @Test
    void progress_resumedAfterAnyStop_tellsNoLessThanBefore() throws InterruptedException {
        List<Double> fractions = new ArrayList<>();
        Checkpoint last = null;
        int runs = 0;
        Ending ending;
        do {
            SweepRequest next = request.resumingFrom(last)
                    .withDeadline(server.clock.instant().plusMillis(60));
            List<SweepEvent> told = new ArrayList<>();
            ending = run(server, next, new SweepControl(), told).ending();
            last = lastCheckpoint(told);
            fractions.addAll(fractions(told));
            // Keys that others write meanwhile make the rest of the plan larger.
            server.write(2_000);
            runs++;
        } while (ending != Ending.COMPLETED);
        assertThat(runs).isGreaterThan(3);
        assertThat(fractions).isSorted().last().isEqualTo(1.0);
    }

    @Test
    void progress_serverRestarts_neitherFallsNorStandsStill() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 60) {
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke", null);
            }
        };
        sweep(request);
        assertThat(fractions(events)).isSorted().last().isEqualTo(1.0);
        List<Double> looks = events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress().fraction())
                .filter(fraction -> fraction < 1)
                .toList();
        assertThat(looks).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }

    private static List<Double> fractions(List<SweepEvent> told) {
        return told.stream()
                .mapMulti((SweepEvent event, Consumer<Double> to) -> {
                    if (event instanceof SweepEvent.Progressed progressed) {
                        to.accept(progressed.progress().fraction());
                    } else if (event instanceof SweepEvent.Checkpointed checkpointed) {
                        to.accept(checkpointed.checkpoint().fraction());
                    }
                })
                .toList();
    }

    private SweepReport sweep(SweepRequest sweepRequest) throws InterruptedException {
        return run(server, sweepRequest, events);
    }

    private SweepReport run(SimulatedServer on, SweepRequest sweepRequest, List<SweepEvent> told)
            throws InterruptedException {
        return run(on, sweepRequest, (SweepListener) told::add);
    }

    private SweepReport run(SimulatedServer on, SweepRequest sweepRequest, SweepListener listener)
            throws InterruptedException {
        return new Sweep(on, timing(on), new Random(1), sweepRequest, control, listener).run();
    }

    private static SweepReport run(
            SimulatedServer on, SweepRequest sweepRequest, SweepControl hand, List<SweepEvent> told)
            throws InterruptedException {
        return new Sweep(on, timing(on), new Random(1), sweepRequest, hand, told::add).run();
    }

    private SweepRequest full() {
        return SweepRequest.of(request.deployment(), PacePolicy.FULL);
    }

    private Timing timing() {
        return timing(server);
    }

    private static Timing timing(SimulatedServer on) {
        return new Timing(on.clock, on.clock::nanoTime, on::sleep);
    }

    private List<Checkpoint> checkpoints() {
        return events.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .toList();
    }

    private static @Nullable Checkpoint lastCheckpoint(List<SweepEvent> told) {
        return told.stream()
                .filter(SweepEvent.Checkpointed.class::isInstance)
                .map(event -> ((SweepEvent.Checkpointed) event).checkpoint())
                .reduce((first, second) -> second)
                .orElse(null);
    }

    private List<String> reasons() {
        return events.stream()
                .filter(SweepEvent.HoldBegan.class::isInstance)
                .map(event -> ((SweepEvent.HoldBegan) event).reason())
                .toList();
    }
}
