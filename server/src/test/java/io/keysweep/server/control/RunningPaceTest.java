package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.error.Phrase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests which pace a running sweep has, and how users, budgets of hosts and ceilings change it.
 *
 * <p>To tune a scan is to change its pace. The sweeps of a host share its budget. A ceiling is a value of the pace that
 * no scan may exceed without approval. It is set for a project, a tag or an instance.
 *
 * <p>The base class provides {@code running} (the object under test) and one scan with one sweep. The map {@code
 * allowances} says which part of the host's budget the sweep has, and {@code instanceCeilings} contains the ceilings.
 */
class RunningPaceTest extends RunningSweepsTesting {

    /** Ceilings that are lower than the paces of scans in these tests. */
    private static final CeilingValues LOW_CEILINGS = new CeilingValues(
            /* maxProfile= */ Profile.GENTLE,
            /* maxShare= */ 0.1,
            /* maxRate= */ 400L,
            /* namesStay= */ true,
            /* maxLatencyMs= */ 100.0,
            /* maxReplicaLag= */ null,
            /* maxEvictions= */ null,
            /* assist= */ null);

    @Test
    void tune_beforeTheSweepBegins_changesItsFirstPace() {
        PaceChange change = new PaceChange(
                /* profile= */ null,
                /* stallBudget= */ Duration.ofMillis(3),
                /* share= */ 0.75,
                /* rateCeiling= */ 500L,
                /* withoutRateCeiling= */ false);
        instructions.tune(scanId, change, /* expected= */ null, BY_ANN);
        SweepHandle handle = begin();

        assertThat(handle.pace().stallBudget()).isEqualTo(Duration.ofMillis(3));
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.75);
        assertThat(handle.pace().rateCeiling()).hasValue(500);

        running.deregister(handle);

        // A profile replaces the values that were set before, including the limits of signals. It keeps the rate.
        tune(Profile.FULL, /* share= */ 0.5, /* rateCeiling= */ null);
        handle = begin();

        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.5);
        assertThat(handle.pace().limits()).isEqualTo(PacePolicy.FULL.limits());
        assertThat(handle.pace().rateCeiling()).hasValue(500);

        running.deregister(handle);
    }

    @Test
    void pace_underTheBudgetOfItsHost_isTheLowerOfBoth() {
        // The budget of the host leaves less to the sweep than the scan allows.
        tune(/* profile= */ null, /* share= */ 0.2, /* rateCeiling= */ 500L);
        allowances.put(execution, allowance(/* rate= */ 400, /* share= */ 0.1));
        SweepHandle handle = begin();

        assertThat(handle.pace().rateCeiling()).hasValue(400);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);

        // The budget leaves more.
        allowances.put(execution, allowance(/* rate= */ 900, /* share= */ 0.15));
        running.pollRestrictions();

        assertThat(handle.pace().rateCeiling()).hasValue(500);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.15);

        // The user raises the rate of the scan above the budget.
        tune(/* profile= */ null, /* share= */ null, /* rateCeiling= */ 950L);
        running.poll();
        assertThat(handle.pace().rateCeiling()).hasValue(900);

        // Without a budget, the pace of the scan applies.
        allowances.clear();
        running.pollRestrictions();

        assertThat(handle.pace().rateCeiling()).hasValue(950);
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.2);

        running.deregister(handle);
    }

    @Test
    void ceilingsOfTheInstance_lowerThePaceOfARunningSweep_untilTheyAreRemoved() {
        tune(Profile.FULL, /* share= */ null, /* rateCeiling= */ 500L);
        SweepHandle handle = begin();

        assertThat(handle.namesStay()).isFalse();

        // The ceilings lower the pace.
        setCeilings(LOW_CEILINGS);
        running.pollRestrictions();

        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.GENTLE.stallBudget());
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);
        assertThat(handle.pace().rateCeiling()).hasValue(400);
        assertThat(handle.pace().limits().of(Signal.LATENCY).hard()).isEqualTo(100);
        assertThat(control.namesStay()).isTrue();
        assertThat(Objects.requireNonNull(control.latestRetune()).pace()).isEqualTo(handle.pace());

        // A change of the pace above the ceilings has no effect while they apply. Another process may have accepted it.
        tune(/* profile= */ null, /* share= */ 0.9, /* rateCeiling= */ 9_000L);
        running.poll();
        assertThat(handle.pace().shareCeiling()).isEqualTo(0.1);
        assertThat(handle.pace().rateCeiling()).hasValue(400);

        // Without ceilings, that change takes effect.
        instanceCeilings.clear();
        running.pollRestrictions();

        assertThat(handle.pace().shareCeiling()).isEqualTo(0.9);
        assertThat(handle.pace().rateCeiling()).hasValue(9_000);

        running.deregister(handle);

        // A sweep that begins under ceilings has their pace from the start.
        setCeilings(new CeilingValues(
                /* maxProfile= */ null,
                /* maxShare= */ 0.05,
                /* maxRate= */ null,
                /* namesStay= */ true,
                /* maxLatencyMs= */ null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ null,
                /* assist= */ null));
        SweepHandle next = begin();
        assertThat(next.pace().shareCeiling()).isEqualTo(0.05);
        assertThat(next.namesStay()).isTrue();

        running.deregister(next);
    }

    @Test
    void ceilings_ofAnApprovedScan_limitOnlyNamesAndLoad() {
        tune(Profile.FULL, /* share= */ null, /* rateCeiling= */ null);
        jdbc.sql("update scan set approved_by = 'bob'").update();
        setCeilings(LOW_CEILINGS);
        SweepHandle handle = begin();

        assertThat(handle.pace().shareCeiling()).isEqualTo(1);
        assertThat(handle.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
        assertThat(handle.pace().rateCeiling()).isEmpty();
        assertThat(handle.pace().limits().of(Signal.LATENCY).hard()).isEqualTo(100);
        assertThat(handle.namesStay()).isTrue();

        running.deregister(handle);
    }

    @Test
    void assistOfARunningSweep_endsIfACeilingForbidsIt_andNotIfACeilingAllowsIt() {
        jdbc.sql("update scan set assist = 'before'").update();
        jdbc.sql("update instance set assist = true").update();
        SweepHandle handle = begin();
        setCeilings(assist(/* allowed= */ true));
        running.poll();
        running.pollRestrictions();

        assertThat(control.assistForbidden()).isFalse();

        // The ceilings now forbid assist.
        setCeilings(assist(/* allowed= */ false));
        running.pollRestrictions();

        assertThat(control.assistForbidden()).isTrue();

        running.deregister(handle);
    }

    @Test
    void assistOfARunningSweep_endsIfItsInstanceForbidsIt() {
        jdbc.sql("update scan set assist = 'only'").update();
        setCeilings(assist(/* allowed= */ true));
        SweepHandle handle = begin();
        running.poll();

        assertThat(control.assistForbidden()).isFalse();

        // The instance now forbids assist, and the ceilings still allow it.
        jdbc.sql("update instance set assist = false").update();
        running.poll();

        assertThat(control.assistForbidden()).isTrue();

        running.deregister(handle);
    }

    /** Changes the pace of the scan; null leaves a part as it is. */
    private void tune(@Nullable Profile profile, @Nullable Double share, @Nullable Long rateCeiling) {
        PaceChange change =
                new PaceChange(profile, /* stallBudget= */ null, share, rateCeiling, /* withoutRateCeiling= */ false);
        instructions.tune(scanId, change, /* expected= */ null, BY_ANN);
    }

    /** Sets the ceilings of the project, which apply to the instance. */
    private void setCeilings(CeilingValues values) {
        instanceCeilings.put(
                instanceId,
                new Ceilings(
                        List.of(new Ceilings.Owned(Phrase.of("the project"), values)), /* needsApproval= */ false));
    }

    /** Returns ceilings that only allow or forbid assist. */
    private static CeilingValues assist(boolean allowed) {
        return new CeilingValues(
                /* maxProfile= */ null,
                /* maxShare= */ null,
                /* maxRate= */ null,
                /* namesStay= */ false,
                /* maxLatencyMs= */ null,
                /* maxReplicaLag= */ null,
                /* maxEvictions= */ null,
                allowed);
    }

    /** Returns what the budget of a host leaves to the sweep. */
    private static HostAllowance allowance(long rate, double share) {
        return new HostAllowance(rate, share, new SweepControl.SweepIntervention("the budget", ""));
    }
}
