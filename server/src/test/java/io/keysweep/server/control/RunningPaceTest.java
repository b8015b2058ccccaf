package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.error.Phrase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Checks which pace a running sweep has, and how tunes, budgets of hosts and ceilings change it.
 *
 * <p>A budget of a host is shared by its sweeps. A ceiling is the highest pace that the project or instance allows.
 */
class RunningPaceTest extends RunningSweepsTesting {

    @Test
    void tune_changesThePaceToBeginWith() {
        instructions.tune(scanId, new PaceChange(null, Duration.ofMillis(3), 0.75, 500L, false), null, ANN);
        SweepHandle handle = begin();
        assertThat(handle.pace().stallBudget()).isEqualTo(Duration.ofMillis(3));
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.75);
        assertThat(handle.pace().rateCeiling()).hasValue(500);
        running.deregister(handle);
        // A profile replaces every part that was chosen before, limits included.
        instructions.tune(scanId, new PaceChange(Profile.FULL, null, 0.5, null, false), null, ANN);
        handle = begin();
        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.5);
        assertThat(handle.pace().limits()).isEqualTo(PacePolicy.FULL.limits());
        assertThat(handle.pace().rateCeiling()).hasValue(500);
        running.deregister(handle);
    }

    @Test
    void ceiling_andTheScansOwnPace_theLowerOneWins() {
        instructions.tune(scanId, new PaceChange(null, null, 0.2, 500L, false), null, ANN);
        ceilings.put(execution, ceiling(400L, 0.1));
        SweepHandle handle = begin();
        assertThat(handle.pace().rateCeiling()).hasValue(400);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);
        ceilings.put(execution, ceiling(900L, 0.15));
        running.pollRestrictions();
        assertThat(handle.pace().rateCeiling()).hasValue(500);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.15);
        instructions.tune(scanId, new PaceChange(null, null, null, 950L, false), null, ANN);
        running.poll();
        assertThat(handle.pace().rateCeiling()).hasValue(900);
        ceilings.clear();
        running.pollRestrictions();
        assertThat(handle.pace().rateCeiling()).hasValue(950);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.2);
        running.deregister(handle);
    }

    @Test
    void ceilingsOfTheInstance_lowerTheRunningSweep_andRaisedOnesLetItsOwnPaceReturn() {
        instructions.tune(scanId, new PaceChange(Profile.FULL, null, null, 500L, false), null, ANN);
        SweepHandle handle = begin();
        assertThat(handle.namesStay()).isFalse();
        setCeilings(new CeilingValues(Profile.GENTLE, 0.1, 400L, true, 100.0, null, null, null));
        running.pollRestrictions();
        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.GENTLE.stallBudget());
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);
        assertThat(handle.pace().rateCeiling()).hasValue(400);
        assertThat(handle.pace().limits().of(Signal.LATENCY).hard()).isEqualTo(100);
        assertThat(control.namesStay()).isTrue();
        assertThat(Objects.requireNonNull(control.latestRetune()).pace()).isEqualTo(handle.pace());
        // A tune that another process has let in cannot exceed the ceilings either.
        instructions.tune(scanId, new PaceChange(null, null, 0.9, 9_000L, false), null, ANN);
        running.poll();
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);
        assertThat(handle.pace().rateCeiling()).hasValue(400);
        instanceCeilings.clear();
        running.pollRestrictions();
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.9);
        assertThat(handle.pace().rateCeiling()).hasValue(9_000);
        running.deregister(handle);

        setCeilings(new CeilingValues(null, 0.05, null, true, null, null, null, null));
        SweepHandle next = begin();
        assertThat(next.pace().shareCeiling()).isEqualTo(0.05);
        assertThat(next.namesStay()).isTrue();
        running.deregister(next);
    }

    @Test
    void ceilings_ofAnApprovedScan_holdNamesAndLoadAlone() {
        instructions.tune(scanId, new PaceChange(Profile.FULL, null, null, null, false), null, ANN);
        jdbc.sql("update scan set approved_by = 'bob'").update();
        setCeilings(new CeilingValues(Profile.GENTLE, 0.1, 400L, true, 100.0, null, null, null));
        SweepHandle handle = begin();
        assertThat(handle.pace().shareCeiling()).isEqualTo(1);
        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(handle.pace().rateCeiling()).isEmpty();
        assertThat(handle.pace().limits().of(Signal.LATENCY).hard()).isEqualTo(100);
        assertThat(handle.namesStay()).isTrue();
        running.deregister(handle);
    }

    @Test
    void ceilingThatForbidsAssist_endsTheAssistOfARunningSweep_andOneThatAllowsItDoesNot() {
        jdbc.sql("update scan set assist = 'before'").update();
        jdbc.sql("update instance set assist = true").update();
        SweepHandle handle = begin();
        setCeilings(assist(true));
        running.poll();
        running.pollRestrictions();
        assertThat(control.assistForbidden()).isFalse();
        setCeilings(assist(false));
        running.pollRestrictions();
        assertThat(control.assistForbidden()).isTrue();
        running.deregister(handle);
    }

    @Test
    void instance_thatForbidsAssist_endsTheAssistOfARunningSweep() {
        jdbc.sql("update scan set assist = 'only'").update();
        setCeilings(assist(true));
        SweepHandle handle = begin();
        running.poll();
        assertThat(control.assistForbidden()).isFalse();
        jdbc.sql("update instance set assist = false").update();
        running.poll();
        assertThat(control.assistForbidden()).isTrue();
        running.deregister(handle);
    }

    private void setCeilings(CeilingValues values) {
        instanceCeilings.put(
                instanceId, new Ceilings(List.of(new Ceilings.Owned(Phrase.of("the project"), values)), false));
    }

    private static CeilingValues assist(boolean allowed) {
        return new CeilingValues(null, null, null, false, null, null, null, allowed);
    }

    private static PaceCeiling ceiling(long rate, double share) {
        return new PaceCeiling(rate, share, new SweepControl.Intervention("the budget", ""));
    }
}
