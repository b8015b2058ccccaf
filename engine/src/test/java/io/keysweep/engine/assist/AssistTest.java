package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.assist.SettingOutcome.State;
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

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
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

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.raisedFor()).isGreaterThan(Duration.ofSeconds(40));
        assertFormerSettings();
    }

    @Test
    void assist_noKeyWithTtl_changesNothing() throws Exception {
        server.live = 0;
        server.dead = 0;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.NOTHING_LEFT);
        assertThat(report.settings()).isEmpty();
        assertThat(server.slices).noneMatch(SimulatedExpiryServer.Slice::raised);
    }

    @Test
    void assist_asManyExpireAsAreReclaimed_endsAsNotFalling() throws Exception {
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
        assertFormerSettings();
    }

    /** Without a cycle, the server's estimate of dead keys stays at 0 %, although many keys are dead. */
    @Test
    void assist_onAServerWhoseExpiryIsSwitchedOff_isRefusedAfterFiveSeconds() throws Exception {
        server.isSwitchedOff = true;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
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

        assertThat(assist().ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
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

        assertThat(report.ending()).isEqualTo(AssistEnding.CANCELLED);
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

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
        assertThat(report.reason()).isEqualTo("the instance no longer allows it");
        assertThat(raisedSeconds()).isLessThan(0.2);
        assertThat(report.settings()).isNotEmpty().allMatch(setting -> setting.state() == State.RESTORED);
        assertFormerSettings();
    }

    @Test
    void assist_deadlinePasses_endsWithFormerSettings() throws Exception {
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist(SweepRequest.of(DEPLOYMENT, pace)
                .withDeadline(server.clock.instant().plusSeconds(2)));

        assertThat(report.ending()).isEqualTo(AssistEnding.TIMED_OUT);
        assertThat(report.elapsed()).isLessThan(Duration.ofMillis(2_400));
        assertFormerSettings();
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

    /** Keys that clients find expired are in the server's count, but are not a gain of assist. */
    @ParameterizedTest
    @ValueSource(doubles = {100, 10_000})
    void assist_clientsExpireKeysAllTheTime_endsAsLittleLeft(double expiredByClients) throws Exception {
        server.dead = 0;
        server.expiredByClients = expiredByClients;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(15));
        assertFormerSettings();
    }

    @Test
    void assist_keysExpireAllTheTimeAndTheCycleKeepsUp_endsAsLittleLeft() throws Exception {
        server.inflow = 1_000;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(30));
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

        assertThat(report.ending()).isEqualTo(AssistEnding.CHANGED_BY_OTHERS);
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

        assertThat(report.ending()).isEqualTo(AssistEnding.CHANGED_BY_OTHERS);
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
}
