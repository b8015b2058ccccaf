package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.sweep.SweepControl;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/**
 * Tests when a sweep continues, keeps its worker, waits without a worker, or ends.
 *
 * <p>A worker is a thread of the service that runs a sweep, the part of a scan that covers one primary. The base class
 * provides {@code running} (the object under test) and one scan; {@code control} and {@code execution} belong to its
 * only sweep.
 */
class RunningSweepsTest extends RunningSweepsTesting {

    /** A restriction by a closed window that ends the sweep for good. */
    private static final SweepRestriction CLOSED_FOR_GOOD = SweepRestriction.by(
            new SweepControl.SweepIntervention("windows", "closed"), /* ends= */ true, /* until= */ null);

    @Test
    void pause_thatLastsLong_freesTheWorker() {
        // The sweep keeps its worker during a short pause.
        SweepHandle handle = begin();
        instructions.pause(scanId, BY_ANN);
        running.poll();
        now = now.plus(SweepHandle.MAX_PAUSE_WITH_WORKER).minusMillis(1);
        running.poll();
        assertThat(control.cancelled()).isFalse();
        assertThat(handle.leaveDecision()).isNull();

        // A millisecond later, the pause is long.
        now = now.plusMillis(1);
        running.poll();

        assertThat(control.cancelled()).isTrue();
        assertThat(handle.leaveDecision())
                .isEqualTo(new SweepDecision.Wait("paused by ann: backup", /* until= */ null, /* requested= */ true));

        running.deregister(handle);
    }

    @Test
    void pauses_thatEndInTime_doNotAddUp() {
        SweepHandle handle = begin();
        for (int i = 0; i < 3; i++) {
            instructions.pause(scanId, BY_ANN);
            running.poll();
            now = now.plus(SweepHandle.MAX_PAUSE_WITH_WORKER).minusMillis(1);
            running.poll();
            instructions.resume(scanId);
            running.poll();
        }

        assertThat(control.cancelled()).isFalse();
        assertThat(handle.leaveDecision()).isNull();

        running.deregister(handle);
    }

    @Test
    void sweep_afterTheTimeoutOfItsScan_waitsForNoPauseAndNoWindow() {
        jdbc.sql("update scan set state = 'running', started_at = ?")
                .param(NOW.atOffset(ZoneOffset.UTC))
                .update();
        instructions.pause(scanId, BY_ANN);
        restrictions.put(execution, CLOSED);
        now = NOW.plusSeconds(60).minusMillis(1);

        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);

        // The timeout of the scan is 60 s.
        now = NOW.plusSeconds(60);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void cancel_ofAPausedScanOutsideItsWindows_takesPrecedence() {
        instructions.pause(scanId, BY_ANN);
        restrictions.put(execution, CLOSED);
        instructions.cancel(scanId, new Intervention("bob", /* why= */ null, NOW));

        assertThat(decision()).isEqualTo(new SweepDecision.End("Cancelled by bob"));
    }

    @Test
    void restriction_ofARunningSweep_endsItsRun_andDecidesWhetherTheSweepWaitsOrEnds() {
        SweepHandle handle = begin();
        running.pollRestrictions();

        assertThat(control.cancelled()).isFalse();

        // A window closes, and opens again in an hour.
        restrictions.put(execution, CLOSED);
        running.pollRestrictions();

        assertThat(control.cancelled()).isTrue();
        assertThat(handle.leaveDecision())
                .isEqualTo(new SweepDecision.Wait(
                        "held by windows: closed", NOW.plusSeconds(3_600), /* requested= */ false));

        // While the sweep waits, its scan can be cancelled.
        instructions.cancel(scanId, new Intervention("bob", /* why= */ null, NOW));
        running.poll();
        assertThat(handle.leaveDecision()).isEqualTo(new SweepDecision.End("Cancelled by bob"));

        running.deregister(handle);

        // The other kind of restriction ends the sweep for good.
        restrictions.clear();
        jdbc.sql("update scan set cancelled_by = null").update();
        handle = begin();
        restrictions.put(execution, CLOSED_FOR_GOOD);
        running.pollRestrictions();
        assertThat(handle.leaveDecision())
                .isEqualTo(new SweepDecision.End("Ended by windows: closed; the keys reclaimed so far are counted."));

        running.deregister(handle);
    }

    @Test
    void instruction_forAnEndedScan_isRefused_andEarlierOnesHaveNoEffect() {
        instructions.pause(scanId, BY_ANN);
        jdbc.sql("update scan set state = 'failed', active_instance_id = null").update();

        assertThat(instructions.pause(scanId, BY_ANN)).isFalse();
        assertThat(instructions.resume(scanId)).isFalse();
        assertThat(instructions.cancel(scanId, BY_ANN)).isFalse();
        assertThat(instructions.tune(scanId, PaceChange.ofShare(0.5), /* expected= */ null, BY_ANN))
                .isFalse();
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }
}
