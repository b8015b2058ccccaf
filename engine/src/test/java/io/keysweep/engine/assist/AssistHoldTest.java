package io.keysweep.engine.assist;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.assist.AssistReport.AssistEnding;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl.SweepIntervention;
import io.keysweep.engine.sweep.SweepEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests on a simulated server how pauses, a high load and changes of the pace interrupt assist.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys.
 */
final class AssistHoldTest extends AssistTestCase {

    @Test
    void assist_forbiddenDuringAPause_endsWithoutReportingAnEndOfThePause() throws Exception {
        server.tick = () -> {
            if (seconds() > 1) {
                control.pause(new SweepIntervention("ann", "backup"));
            }
            if (seconds() > 2) {
                control.forbidAssist();
            }
        };
        server.inflow = ENDLESS_INFLOW;

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.REFUSED);
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
                control.pause(new SweepIntervention("ann", "backup"));
            }
        };

        AssistReport report = assist();

        assertThat(raisedInPause[0]).isFalse();
        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
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
                control.pause(new SweepIntervention("ann", "backup"));
            }
            if (seconds() - lastCommandAt[0] > 60) {
                server.breakLinks();
            }
        };

        assertThat(assist().ending()).isEqualTo(AssistEnding.NOT_FALLING);
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
        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
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

        assertThat(report.ending()).isEqualTo(AssistEnding.OVERLOADED);
        assertThat(report.reason()).contains("callers wait", "of the last 5 checks");
        assertThat(events).hasSize(2);
        assertThat(raisedAgain[0]).isFalse();
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

        assertThat(report.ending()).isEqualTo(AssistEnding.NOT_FALLING);
        assertThat(events.get(0)).isInstanceOf(SweepEvent.HoldBegan.class);
        assertThat(events.get(1)).isInstanceOf(SweepEvent.HoldEnded.class);
        assertThat(events.getLast()).isInstanceOf(SweepEvent.HoldEnded.class);
        assertFormerSettings();
    }

    /** A pause shortens the measurement of the usual activity so much that it says nothing. */
    @Test
    void assist_pausedAtItsBeginning_stillSeesWhatClientsExpire() throws Exception {
        server.dead = 0;
        server.expiredByClients = 10_000;
        control.pause(new SweepIntervention("ann", "backup"));
        server.tick = () -> {
            if (seconds() > 2) {
                control.resume();
            }
        };

        AssistReport report = assist();

        assertThat(report.ending()).isEqualTo(AssistEnding.LITTLE_LEFT);
        assertThat(report.raisedFor()).isLessThan(Duration.ofSeconds(5));
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
                control.retune(PacePolicy.GENTLE, new SweepIntervention("ann", "faster"));
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

    /** Returns a reply to INFO with the CPU time of the server since its start. */
    private static ServerInfo info(int cpuSeconds) {
        return ServerInfo.parse("used_cpu_user:" + cpuSeconds + "\r\nused_cpu_sys:0\r\n");
    }
}
