package io.keysweep.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.engine.topology.NodeRefusedException.Reason;
import io.keysweep.server.control.SweepDecision;
import org.junit.jupiter.api.Test;

/** Tests which reason ends or postpones a sweep that was stopped while it waited for its server. */
class RunResultTest {

    private static final SweepDecision GO_ON = new SweepDecision.GoOn();
    private static final SweepDecision PAUSED =
            new SweepDecision.Wait("paused by KEY1", /* until= */ null, /* requested= */ true);
    private static final SweepDecision CANCELLED = new SweepDecision.End("Cancelled by KEY1: maintenance");

    @Test
    void decision_ifTheSweepIsCancelledWhileItWaits_isToEnd() {
        assertThat(refused(/* mayPass= */ true).decision(GO_ON, CANCELLED)).isEqualTo(CANCELLED);
        assertThat(refused(/* mayPass= */ false).decision(GO_ON, CANCELLED)).isEqualTo(CANCELLED);
        assertThat(refused(/* mayPass= */ true).decision(CANCELLED, /* leaveDecision= */ null))
                .isEqualTo(CANCELLED);
    }

    @Test
    void decision_ifTheSweepIsPausedWhileItWaits_isToWaitIfTheCauseMayPass() {
        assertThat(refused(/* mayPass= */ true).decision(GO_ON, PAUSED)).isEqualTo(PAUSED);
        assertThat(refused(/* mayPass= */ false).decision(GO_ON, PAUSED)).isNull();
        assertThat(refused(/* mayPass= */ true).decision(GO_ON, /* leaveDecision= */ null))
                .isNull();
    }

    private static RunResult.Refused refused(boolean mayPass) {
        return new RunResult.Refused(
                new NodeRefusedException("a:1", Reason.UNREACHABLE, "a:1 accepts no connection"),
                mayPass,
                /* serverLostAt= */ null);
    }
}
