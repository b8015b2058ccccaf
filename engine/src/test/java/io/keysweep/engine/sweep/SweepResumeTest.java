package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.plan.Checkpoint;
import io.keysweep.engine.plan.ReplicationIdentity;
import io.keysweep.engine.plan.ReplicationPoint;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.engine.topology.SlotSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tests runs that resume from a checkpoint of another run.
 *
 * <p>A step is uncertain if the server may have run it, but its reply was not counted. {@code request} sweeps {@code
 * server}, a {@link SimulatedServer}; {@code reasons()} returns the reasons of the holds.
 */
final class SweepResumeTest extends SweepTestCase {

    private static final Checkpoint CHECKPOINT_OF_OTHER_PROCESS = new Checkpoint(
            "simulated:1",
            new ReplicationIdentity("other-process", /* replicationId= */ null, /* swaps= */ 0),
            /* visited= */ 500,
            /* reclaimed= */ 200,
            /* exact= */ true,
            /* alone= */ true,
            PreviousRunTest.UNCOUNTED,
            /* expiredKeys= */ 77,
            /* deletionPoint= */ null,
            SlotSet.ALL,
            /* epoch= */ null,
            /* fraction= */ 0,
            List.of());

    @Test
    void sweep_cancelledWithUncertainStep_isCountedByTheNextRun() throws InterruptedException {
        server.loseReplyOfStep = 9;
        SweepReport firstReport = run(server, request, event -> {
            events.add(event);
            if (event instanceof SweepEvent.HoldBegan) {
                control.cancel();
            }
        });

        assertThat(firstReport.exact()).isFalse();

        SweepReport secondReport = new Sweep(
                        server,
                        timing(),
                        new Random(1),
                        request.resumingFrom(checkpoints().getLast()),
                        new SweepControl(),
                        event -> {})
                .run();
        assertThat(secondReport.reclaimed()).isEqualTo(DEAD);
        assertThat(secondReport.exact()).isTrue();
    }

    @Test
    void sweep_listenerThrows_resumesFromAnyCheckpointToExactCount() throws InterruptedException {
        for (int crashAt = 5; crashAt < 60; crashAt += 5) {
            SimulatedServer crashingServer = new SimulatedServer(LIVE, DEAD);
            int step = crashAt;
            crashingServer.beforeStep = number -> {
                if (number == step) {
                    throw new IllegalStateException("crash");
                }
            };
            List<SweepEvent> receivedEvents = new ArrayList<>();
            SweepRequest frequentCheckpoints = request.withCheckpointEvery(Duration.ofMillis(20));

            assertThatThrownBy(() -> run(crashingServer, frequentCheckpoints, receivedEvents))
                    .hasMessage("crash");
            crashingServer.beforeStep = number -> {};
            Checkpoint latest = lastCheckpoint(receivedEvents);

            SweepReport report = run(crashingServer, frequentCheckpoints.resumingFrom(latest), receivedEvents);

            assertThat(report.reclaimed()).isEqualTo(DEAD);
            assertThat(report.exact()).isTrue();
            assertThat(crashingServer.dead).isEmpty();
        }
    }

    @Test
    void resume_otherServerProcess_keepsCountsAndStartsAgain() throws InterruptedException {
        SweepReport report = sweep(request.resumingFrom(CHECKPOINT_OF_OTHER_PROCESS));

        assertThat(report.reclaimed()).isEqualTo(DEAD + CHECKPOINT_OF_OTHER_PROCESS.reclaimed());
        assertThat(report.exact()).isFalse();
    }

    @Test
    void resume_afterOrderlyEnd_ignoresKeysExpiredByOthers() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 20) {
                control.cancel();
            }
        };
        sweep(request);

        // Between the two runs, others expire up to 300 of the keys that are left.
        int deadBefore = server.dead.size();
        server.expireElsewhere(300);
        int expiredByOthers = deadBefore - server.dead.size();

        assertThat(expiredByOthers).isPositive();

        SweepReport secondReport = new Sweep(
                        server,
                        timing(),
                        new Random(1),
                        request.resumingFrom(checkpoints().getLast()),
                        new SweepControl(),
                        event -> {})
                .run();
        assertThat(secondReport.reclaimed()).isEqualTo(DEAD - expiredByOthers);
        assertThat(secondReport.exact()).isTrue();
    }

    @Test
    void resume_promotedReplicaWithAllDeletions_isExact() throws InterruptedException {
        assertThat(resumeOnReplicaPromotedAt(/* offset= */ 501).exact()).isTrue();
        assertThat(events).noneMatch(SweepEvent.Estimated.class::isInstance);
    }

    @Test
    void resume_promotedReplicaWithoutAllDeletions_isNotExactAndSaysWhy() throws InterruptedException {
        assertThat(resumeOnReplicaPromotedAt(/* offset= */ 500).exact()).isFalse();
        assertThat(events)
                .filteredOn(SweepEvent.Estimated.class::isInstance)
                .singleElement()
                .asString()
                .contains("nothing proves that it still has all deletions");
    }

    @Test
    void resume_serverUnreachable_waitsForIt() throws InterruptedException {
        server.reachable = false;
        SweepReport report = run(server, request.resumingFrom(CHECKPOINT_OF_OTHER_PROCESS), event -> {
            events.add(event);
            server.reachable |= event instanceof SweepEvent.HoldBegan;
        });

        assertThat(report.reclaimed()).isEqualTo(DEAD + CHECKPOINT_OF_OTHER_PROCESS.reclaimed());
        assertThat(reasons()).containsExactly("simulated:1 accepts no connection");
        assertThat(events).contains(new SweepEvent.HoldEnded());
    }

    /** The connection breaks, as it does if the process is frozen during the inspection. */
    @Test
    void sweep_connectionBreaksDuringInspection_reconnects() throws InterruptedException {
        server.breakNextLink = true;
        assertThat(sweep(request).reclaimed()).isEqualTo(DEAD);

        // The link that broke made no step.
        assertThat(server.breakNextLink).isFalse();
        assertThat(server.links).isEqualTo(1);
    }

    @Test
    void resume_serverStaysUnreachable_failsAfterPatience() {
        server.reachable = false;
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request.resumingFrom(CHECKPOINT_OF_OTHER_PROCESS)))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
    }

    @Test
    void progress_resumedRepeatedly_neverFalls() throws InterruptedException {
        List<Double> fractions = new ArrayList<>();
        Checkpoint latest = null;
        int runs = 0;
        Ending ending;
        do {
            SweepRequest nextRequest = request.resumingFrom(latest)
                    .withDeadline(server.clock.instant().plusMillis(60));
            List<SweepEvent> receivedEvents = new ArrayList<>();
            ending =
                    run(server, nextRequest, new SweepControl(), receivedEvents).ending();
            latest = lastCheckpoint(receivedEvents);
            fractions.addAll(fractions(receivedEvents));
            // Keys that others write between two runs make the rest of the plan larger.
            server.write(2_000);
            runs++;
        } while (ending != Ending.COMPLETED);

        assertThat(runs).isGreaterThan(3);
        assertThat(fractions).isSorted().last().isEqualTo(1.0);
    }

    /**
     * Resumes a sweep on a replica that has become the primary. The earlier run ended in order at offset 500 of history
     * a, and the replica's own history begins at {@code offset}.
     */
    private SweepReport resumeOnReplicaPromotedAt(long offset) throws InterruptedException {
        server.load = () -> "master_replid:b\nmaster_repl_offset:900\nmaster_replid2:a\nsecond_repl_offset:" + offset;
        return sweep(request.resumingFrom(new Checkpoint(
                "simulated:1",
                new ReplicationIdentity("other-process", /* replicationId= */ "a", /* swaps= */ 0),
                /* visited= */ 500,
                /* reclaimed= */ 200,
                /* exact= */ true,
                /* alone= */ true,
                /* uncounted= */ null,
                /* expiredKeys= */ 77,
                new ReplicationPoint("a", 500),
                SlotSet.ALL,
                /* epoch= */ null,
                /* fraction= */ 0,
                List.of())));
    }
}
