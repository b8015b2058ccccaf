package io.keysweep.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keysweep.engine.link.LinkBrokenException;
import io.keysweep.engine.sweep.SweepReport.Ending;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests sweeps of servers that break the connection, become unreachable or stop reclaiming keys.
 *
 * <p>A step is uncertain if the server may have run it, but its reply was not counted. {@code request} sweeps {@code
 * server}, a {@link SimulatedServer}; {@code reasons()} returns the reasons of the holds.
 */
final class SweepRecoveryTest extends SweepTestCase {

    @Test
    void sweep_fullShareRepliesLost_countsAllUncertainSteps() throws InterruptedException {
        int largeDead = 30_000;
        SimulatedServer largeServer = new SimulatedServer(/* live= */ 60_000, largeDead);
        largeServer.loseReplyOfStep = 30;

        SweepReport report = run(largeServer, fullShareRequest(), events);

        assertThat(report.reclaimed()).isEqualTo(largeDead);
        assertThat(report.exact()).isTrue();
        assertThat(largeServer.links).isEqualTo(2);
    }

    @Test
    void sweep_replyLost_countsWhatTheServerDid() throws InterruptedException {
        server.loseReplyOfStep = 9;

        SweepReport report = sweep(request);

        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(report.exact()).isTrue();
        assertThat(server.links).isEqualTo(2);
        assertThat(reasons()).containsExactly("reconnecting: connection broke");
        assertThat(events).contains(new SweepEvent.HoldEnded());
    }

    @Test
    void sweep_replyLostWhileOthersExpire_isNotExact() throws InterruptedException {
        server.loseReplyOfStep = 9;
        server.beforeStep = step -> server.expireElsewhere(3);

        SweepReport report = sweep(request);

        assertThat(report.exact()).isFalse();
        assertThat(report.reclaimed()).isBetween(DEAD - 3L * server.steps, (long) DEAD);
    }

    @Test
    void sweep_othersExpireWithoutUncertainStep_staysExact() throws InterruptedException {
        long[] expiredByOthers = {0};
        server.beforeStep = step -> {
            long counterBefore = server.expiredKeys;
            server.expireElsewhere(3);
            expiredByOthers[0] += server.expiredKeys - counterBefore;
        };
        SweepReport report = sweep(request);

        assertThat(report.exact()).isTrue();
        assertThat(report.reclaimed() + expiredByOthers[0]).isEqualTo(DEAD);
    }

    @Test
    void sweep_serverRestarts_startsOverAndKeepsCounts() throws InterruptedException {
        int[] reclaimedBefore = {0};
        server.beforeStep = step -> {
            if (step == 20) {
                reclaimedBefore[0] = DEAD - server.dead.size();
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke");
            }
        };
        SweepReport report = sweep(request);

        assertThat(report.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(report.reclaimed()).isEqualTo(DEAD);
        assertThat(reclaimedBefore[0]).isPositive();
        assertThat(checkpoints().getLast().replicationIdentity().runId()).isEqualTo("run-2");
    }

    @Test
    void sweep_databasesSwappedRepeatedly_isRefused() {
        int[] swaps = {3};
        server.load = () -> "cmdstat_swapdb:calls=" + swaps[0] + ",usec=9,usec_per_call=3.00";
        server.costPerKey = Duration.ofMillis(1);
        server.beforeStep = step -> swaps[0]++;

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.NOT_RECLAIMING)
                .withMessageContaining("swapped its databases (SWAPDB) 6 times during this run");
        // The sweep counts swaps within a second as one, so it counts 6, however many there were.
        assertThat(reasons())
                .hasSizeGreaterThan(5)
                .containsOnly("reconnecting: its databases were swapped (SWAPDB), so the pass starts again");
    }

    /**
     * After CONFIG RESETSTAT the sweep cannot tell whether databases were swapped, so it starts the pass again. The
     * reason must name the reset, not a swap.
     */
    @Test
    void sweep_statisticsResetInTheMiddle_startsAgainForThatReason() throws InterruptedException {
        int[] swaps = {1};
        server.load = () -> "cmdstat_swapdb:calls=" + swaps[0] + ",usec=9,usec_per_call=3.00";
        server.costPerKey = Duration.ofMillis(1);
        server.beforeStep = step -> {
            if (step == 5) {
                swaps[0] = 0;
            }
        };

        assertThat(sweep(request).reclaimed()).isEqualTo(DEAD);
        assertThat(reasons())
                .containsExactly("reconnecting: its statistics were reset (CONFIG RESETSTAT), which hides whether"
                        + " databases were swapped, so the pass starts again");
    }

    @Test
    void sweep_serverStaysUnreachable_failsAfterPatience() {
        server.beforeStep = step -> server.reachable = step < 5;

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
        assertThat(Duration.ofNanos(server.clock.nanoTime())).isBetween(Duration.ofSeconds(59), Duration.ofSeconds(64));
        assertThat(events)
                .filteredOn(event -> event instanceof SweepEvent.HoldEnded || event instanceof SweepEvent.Failed)
                .satisfiesExactly(
                        event -> assertThat(event).isInstanceOf(SweepEvent.HoldEnded.class),
                        event -> assertThat(event).isInstanceOf(SweepEvent.Failed.class));
        assertThat(checkpoints().getLast().reclaimed()).isEqualTo(DEAD - server.dead.size());
    }

    @Test
    void sweep_cancelledWhileServerUnreachable_endsImmediately() throws InterruptedException {
        server.beforeStep = step -> server.reachable = step < 5;
        SweepReport report = run(server, request, event -> {
            if (event instanceof SweepEvent.HoldBegan) {
                control.cancel();
            }
        });

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
    }

    @Test
    void sweep_writesPausedForAWhile_holdsAndRepeatsHiddenKeys() throws InterruptedException {
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
    void sweep_writesPausedForever_isRefused() {
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
    void sweep_serverBecomesReplica_isRefusedWithoutCoveringHiddenKeys() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 10) {
                server.role = "slave";
            }
        };
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.REPLICA)
                .withMessageContaining("10.0.0.9:6379");

        // The server becomes a primary again, and the next run sweeps the keys that were hidden.
        server.role = "master";
        server.beforeStep = step -> {};
        assertThat(sweep(request.resumingFrom(checkpoints().getLast())).reclaimed())
                .isEqualTo(DEAD);
        assertThat(server.dead).isEmpty();
    }

    /**
     * No integration test covers {@code lazyexpire-nested-arbitrary-keys}, because none of their servers has it. Key
     * names must stay on the server, so the sweep cannot use another method.
     */
    @Test
    void sweep_scriptsStopReclaiming_isRefusedWithoutCoveringHiddenKeys() throws InterruptedException {
        server.settings.put(ServerSettings.NESTED_EXPIRY, "yes");
        server.beforeStep = step -> {
            if (step == 10) {
                server.settings.put(ServerSettings.NESTED_EXPIRY, "no");
            }
        };
        SweepRequest namesStay = request.withNamesStaying(true);

        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(namesStay))
                .matches(e -> e.reason() == Reason.COMMAND_FORBIDDEN)
                .withMessageContaining(ServerSettings.NESTED_EXPIRY);
        server.settings.put(ServerSettings.NESTED_EXPIRY, "yes");
        server.beforeStep = step -> {};

        assertThat(sweep(namesStay.resumingFrom(checkpoints().getLast())).reclaimed())
                .isEqualTo(DEAD);
        assertThat(server.dead).isEmpty();
    }

    @Test
    void start_serverUnreachable_isRefusedImmediately() {
        server.reachable = false;
        assertThatExceptionOfType(NodeRefusedException.class)
                .isThrownBy(() -> sweep(request))
                .matches(e -> e.reason() == Reason.UNREACHABLE);
        assertThat(events).isEmpty();
    }

    @Test
    void progress_serverRestarts_keepsRising() throws InterruptedException {
        server.beforeStep = step -> {
            if (step == 60) {
                server.runId = "run-2";
                server.expiredKeys = 0;
                throw new LinkBrokenException("connection broke");
            }
        };
        sweep(request);

        assertThat(fractions(events)).isSorted().last().isEqualTo(1.0);

        List<Double> fractions = events.stream()
                .filter(SweepEvent.Progressed.class::isInstance)
                .map(event -> ((SweepEvent.Progressed) event).progress().fraction())
                .filter(fraction -> fraction < 1)
                .toList();
        assertThat(fractions).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }
}
