package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.assist.AssistReport.Ending;
import io.keysweep.engine.assist.SettingOutcome.State;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.Intervention;
import io.keysweep.engine.sweep.SweepEvent;
import io.keysweep.engine.sweep.SweepRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests on a simulated server that assist reclaims keys, and that each ending restores the former settings.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. {@code
 * server} is a {@link SimulatedExpiryServer}, and {@code assist()} runs assist on it to its end.
 */
final class AssistTest extends AssistTestCase {

    @Test
    void assist_everyTenthKeyDead_reclaimsNearlyAllAndPutsSettingsBack() throws Exception {
        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.reclaimed()).isBetween(17_500L, 20_000L);
        assertThat(server.dead).isLessThan(0.01 * server.live);
        assertThat(report.estimatedLeft()).isBetween((long) (server.dead * 0.9), (long) (server.dead * 1.2) + 1);
        assertThat(report.settings()).hasSize(3).allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    @Test
    void assist_backlogThatTakesAMinute_isReclaimedToTheEnd() throws Exception {
        server.live = 36_000_000;
        server.dead = 12_000_000;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.raisedFor()).isGreaterThan(Duration.ofSeconds(40));
        assertFormerSettings();
    }

    @Test
    void assist_noKeyWithTtl_changesNothing() throws Exception {
        server.live = 0;
        server.dead = 0;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.NOTHING_LEFT);
        assertThat(report.settings()).isEmpty();
        assertThat(server.slices).noneMatch(SimulatedExpiryServer.Slice::raised);
    }

    @Test
    void assist_asManyExpireAsAreReclaimed_endsAsNotFalling() throws Exception {
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.NOT_FALLING);
        assertFormerSettings();
    }

    /** Without a cycle, the server's estimate of dead keys stays at 0 %, although many keys are dead. */
    @Test
    void assist_onAServerWhoseExpiryIsSwitchedOff_isRefusedAfterFiveSeconds() throws Exception {
        server.isSwitchedOff = true;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).contains("it seems to be switched off (DEBUG SET-ACTIVE-EXPIRE 0)");
        assertThat(report.raisedFor()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
        assertFormerSettings();
    }

    /** The cycles of so few keys may take less than the millisecond that INFO shows. */
    @Test
    void assist_fewKeysAndNoTimeOfTheCycle_isNotRefused() throws Exception {
        server.isSwitchedOff = true;
        server.live = 99;
        server.dead = 0;

        assertThat(assist().ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertFormerSettings();
    }

    @Test
    void assist_cancelled_endsWithinAMomentWithFormerSettings() throws Exception {
        server.after = (number, command) -> {
            if (server.raised()) {
                control.cancel();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(raisedSeconds()).isLessThan(0.2);
        assertFormerSettings();
    }

    @Test
    void assist_forbiddenDuringTheRun_endsWithinAMomentWithFormerSettings() throws Exception {
        server.after = (number, command) -> {
            if (server.raised()) {
                control.forbidAssist();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertThat(report.reason()).isEqualTo("the instance no longer allows it");
        assertThat(raisedSeconds()).isLessThan(0.2);
        assertThat(report.settings()).isNotEmpty().allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    @Test
    void assist_forbiddenDuringAPause_endsWithoutReportingAnEndOfThePause() throws Exception {
        server.tick = () -> {
            if (seconds() > 1) {
                control.pause(new Intervention("ann", "backup"));
            }
            if (seconds() > 2) {
                control.forbidAssist();
            }
        };
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.REFUSED);
        assertFormerSettings();
    }

    @Test
    void assist_deadlinePasses_endsWithFormerSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist(SweepRequest.of(DEPLOYMENT, pace)
                .withDeadline(server.clock.instant().plusSeconds(2)));

        assertThat(report.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(report.elapsed()).isLessThan(Duration.ofMillis(2_400));
        assertFormerSettings();
    }

    @Test
    void assist_paused_hasFormerSettingsUntilItIsResumed() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        boolean[] raisedInPause = {false};
        server.tick = () -> {
            if (seconds() > 3) {
                control.resume();
            } else if (seconds() > 1) {
                // The settings may still be raised for a moment after the pause has begun.
                raisedInPause[0] |= seconds() > 1.2 && server.raised();
                control.pause(new Intervention("ann", "backup"));
            }
        };

        AssistReport report = assist();

        assertThat(raisedInPause[0]).isFalse();
        assertThat(report.ending()).isEqualTo(Ending.NOT_FALLING);
        assertThat(server.slices).anyMatch(slice -> slice.at() > 3.2 && slice.raised());
        assertThat(events.getFirst())
                .isInstanceOfSatisfying(
                        SweepEvent.HoldBegan.class,
                        hold -> assertThat(hold.reason()).isEqualTo("paused by ann: backup"));
        assertThat(events.get(1)).isInstanceOf(SweepEvent.HoldEnded.class);
        assertFormerSettings();
    }

    /** Servers and networks close a connection without traffic, often after a minute. */
    @Test
    void assist_pausedForLong_keepsItsConnection() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        double[] lastCommandAt = {0};
        server.before = (number, command) -> lastCommandAt[0] = seconds();
        server.tick = () -> {
            if (seconds() > 150) {
                control.resume();
            } else if (seconds() > 1) {
                control.pause(new Intervention("ann", "backup"));
            }
            if (seconds() - lastCommandAt[0] > 60) {
                server.breakLinks();
            }
        };

        assertThat(assist().ending()).isEqualTo(Ending.NOT_FALLING);
        assertFormerSettings();
    }

    /** The load that other clients caused in a long pause must not slow assist down afterwards. */
    @Test
    void resume_afterALongHold_forgetsTheLoadOfTheHold() {
        AssistLoad load = new AssistLoad(
                server.timing(),
                server.open(DEPLOYMENT.addresses().getFirst(), DEPLOYMENT.access()),
                PacePolicy.GENTLE);
        load.update(info(0), Duration.ZERO, /* usedFactor= */ 1);

        // Other clients use 95 % of the CPU during the hold, and nothing in the second after it.
        server.clock.advance(Duration.ofSeconds(10_000));
        load.resume(info(9_500));
        server.clock.advance(Duration.ofSeconds(1));

        load.update(info(9_500), Duration.ZERO, /* usedFactor= */ 1);

        assertThat(load.factor()).isEqualTo(1);
    }

    /** The ledger refuses the claim of this worker, because another worker has taken over the sweep. */
    @Test
    void assist_claimLostWhileRaised_putsTheSettingsBackAndRaisesNoMore() {
        server.inflow = ENDLESS_INFLOW;
        int[] confirmations = {0};
        AssistLedger supersededLedger = new FencedLedger(ledger(), () -> {
            if (++confirmations[0] > 5) {
                throw new IllegalStateException("superseded");
            }
        });
        Assist assist = new Assist(server, ledger(), server.timing()).withLedger(supersededLedger);

        assertThatThrownBy(() -> assist.run(SweepRequest.of(DEPLOYMENT, pace), control, events::add, new Recorder()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("superseded");

        assertThat(server.settings).containsEntry("hz", "10").containsEntry("active-expire-effort", "1");
        // The first confirmation follows the first change. Each later control period begins with one.
        assertThat(confirmations[0]).isEqualTo(6);
    }

    @Test
    void assist_callersWaitLong_holdsWithFormerSettingsAndContinues() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        boolean[] raisedInHold = {false};
        server.before = (number, command) -> {
            server.latency = seconds() > 1 && seconds() < 4 ? Duration.ofMillis(300) : Duration.ZERO;
            // Assist holds only after several slow replies.
            raisedInHold[0] |= seconds() > 2.5 && seconds() < 4 && server.raised();
        };

        AssistReport report = assist();

        assertThat(raisedInHold[0]).isFalse();
        assertThat(report.ending()).isEqualTo(Ending.NOT_FALLING);
        assertThat(events)
                .anyMatch(event -> event instanceof SweepEvent.HoldBegan hold
                        && hold.reason().contains("callers wait"));
        assertFormerSettings();
    }

    @Test
    void assist_callersWaitTooLongDuringAHold_endsWithoutRaisingAgain() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        boolean[] raisedAgain = {false};
        server.before = (number, command) -> {
            // The settings are lowered before the hold is reported.
            boolean hasHeld = !events.isEmpty();
            raisedAgain[0] |= hasHeld && server.raised();
            server.latency = Duration.ofMillis(hasHeld ? 3_000 : seconds() > 1 ? 300 : 0);
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.OVERLOADED);
        assertThat(report.reason()).contains("callers wait", "of the last 5 checks");
        assertThat(events).hasSize(2);
        assertThat(raisedAgain[0]).isFalse();
        assertFormerSettings();
    }

    @Test
    void assist_connectionBreaksOnce_continuesOverANewOne() throws Exception {
        server.dead = 2_000_000;
        breakLinkAfter(1);

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.reclaimed()).isGreaterThan(1_990_000L);
        assertFormerSettings();
    }

    @Test
    void assist_connectionBreaksAgainAndAgain_endsAsLostWithFormerSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        server.tick = () -> {
            if (server.raised() && seconds() % 1 > 0.5) {
                server.breakLinks();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LOST);
        assertFormerSettings();
    }

    @Test
    void assist_connectionBreaksInAHold_endsTheHoldBeforeItContinues() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        boolean[] isBroken = {false};
        server.before = (number, command) -> {
            server.latency = seconds() > 1 && seconds() < 4 ? Duration.ofMillis(300) : Duration.ZERO;
            if (!isBroken[0] && !events.isEmpty()) {
                isBroken[0] = true;
                server.breakLinks();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.NOT_FALLING);
        assertThat(events.get(0)).isInstanceOf(SweepEvent.HoldBegan.class);
        assertThat(events.get(1)).isInstanceOf(SweepEvent.HoldEnded.class);
        assertThat(events.getLast()).isInstanceOf(SweepEvent.HoldEnded.class);
        assertFormerSettings();
    }

    @Test
    void assist_refusedAfterABrokenConnection_isLostAndReportsItsSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        breakLinkAfter(1);
        // The settings can be restored over the new connection, but not tested again.
        server.before = (number, command) -> server.configDenied = seconds() > 1
                && !server.raised()
                && command.words().contains("SET")
                && command.words()
                        .getLast()
                        .equals(server.settings.get(command.words().get(2)));

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LOST);
        assertThat(report.reason()).contains("NOPERM");
        assertThat(report.settings()).hasSize(3).allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    /** A pause shortens the measurement of the usual activity so much that it says nothing. */
    @Test
    void assist_pausedAtItsBeginning_stillSeesWhatClientsExpire() throws Exception {
        server.dead = 0;
        server.expiredByClients = 10_000;
        control.pause(new Intervention("ann", "backup"));
        server.tick = () -> {
            if (seconds() > 2) {
                control.resume();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.raisedFor()).isLessThan(Duration.ofSeconds(5));
        assertFormerSettings();
    }

    /** Breaks all connections once, at a time when the settings are raised. */
    private void breakLinkAfter(double second) {
        boolean[] isBroken = {false};
        server.tick = () -> {
            if (!isBroken[0] && seconds() > second && server.raised()) {
                isBroken[0] = true;
                server.breakLinks();
            }
        };
    }

    /** Keys that clients find expired are in the server's count, but are not a gain of assist. */
    @ParameterizedTest
    @ValueSource(doubles = {100, 10_000})
    void assist_clientsExpireKeysAllTheTime_endsAsLittleLeft(double expiredByClients) throws Exception {
        server.dead = 0;
        server.expiredByClients = expiredByClients;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(15));
        assertFormerSettings();
    }

    @Test
    void assist_keysExpireAllTheTimeAndTheCycleKeepsUp_endsAsLittleLeft() throws Exception {
        server.inflow = 1_000;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LITTLE_LEFT);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(30));
        assertFormerSettings();
    }

    @Test
    void assist_retunedDuringALongRest_continuesAtOnceWithTheNewShare() throws Exception {
        server.inflow = ENDLESS_INFLOW;
        pace = new PacePolicy(
                PacePolicy.GENTLE.stallBudget(), /* shareCeiling= */ 0.01, PacePolicy.GENTLE.rateCeiling());
        boolean[] isRetuned = {false};
        server.tick = () -> {
            if (!isRetuned[0] && seconds() > 3 && !server.raised()) {
                isRetuned[0] = true;
                control.retune(PacePolicy.GENTLE, new Intervention("ann", "faster"));
            }
        };

        assist();

        assertThat(server.slices).anyMatch(slice -> slice.raised() && slice.at() > 3 && slice.at() < 3.6);
        double raisedLater = server.slices.stream()
                .filter(slice -> slice.raised() && slice.at() > 4 && slice.at() < 8)
                .mapToDouble(SimulatedExpiryServer.Slice::seconds)
                .sum();
        assertThat(raisedLater).isGreaterThan(1);
    }

    @Test
    void assist_serverBecomesReplica_endsWithFormerSettings() throws Exception {
        server.before = (number, command) -> server.role = seconds() > 0.6 ? "slave" : "master";

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.LOST);
        assertFormerSettings();
    }

    @Test
    void assist_anotherClientSetsHz_endsAndLeavesItsValue() throws Exception {
        server.before = (number, command) -> {
            if (seconds() > 0.6 && "500".equals(server.settings.get("hz"))) {
                server.settings.put("hz", "50");
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.CHANGED_BY_OTHERS);
        assertThat(report.reason()).isEqualTo("hz is 50 and not 500, so another client has changed it");
        assertThat(server.settings).containsEntry("hz", "50").containsEntry("active-expire-effort", "1");
        assertThat(server.settings).containsEntry("lazyfree-lazy-expire", "no");
        assertThat(ledger().entries()).isEmpty();
    }

    @Test
    void assist_anotherClientChangesASettingBetweenTwoRaises_leavesItsValue() throws Exception {
        // The server is so busy that assist lowers the settings for a part of each period.
        server.busyShare = 0.9;
        server.dead = 2_000_000;
        server.before = (number, command) -> {
            if (seconds() > 0.6 && !server.raised() && "1".equals(server.settings.get("active-expire-effort"))) {
                server.settings.put("active-expire-effort", "4");
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(Ending.CHANGED_BY_OTHERS);
        assertThat(server.settings).containsEntry("hz", "10").containsEntry("active-expire-effort", "4");
        assertThat(ledger().entries()).isEmpty();
    }

    @Test
    void assist_someSettingsAlreadyHigh_changesAndRestoresOnlyTheOthers() throws Exception {
        server.settings.put("hz", "500");
        server.settings.put("lazyfree-lazy-expire", "yes");

        AssistReport report = assist();

        assertThat(report.settings()).hasSize(1);
        assertThat(server.settings)
                .containsEntry("hz", "500")
                .containsEntry("lazyfree-lazy-expire", "yes")
                .containsEntry("active-expire-effort", "1");
    }

    /** Returns how long the settings were raised, s. */
    private double raisedSeconds() {
        return server.slices.stream()
                .filter(SimulatedExpiryServer.Slice::raised)
                .mapToDouble(SimulatedExpiryServer.Slice::seconds)
                .sum();
    }

    /** Returns a reply to INFO with the CPU time of the server since its start. */
    private static ServerInfo info(int cpuSeconds) {
        return ServerInfo.parse("used_cpu_user:" + cpuSeconds + "\r\nused_cpu_sys:0\r\n");
    }
}
