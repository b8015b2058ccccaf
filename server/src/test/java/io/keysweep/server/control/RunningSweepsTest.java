package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.pacing.Signal;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.SettingsLoader;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.scan.InstructionWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Checks when a sweep continues, keeps its worker, waits without one, or ends. */
class RunningSweepsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Intervention ANN = new Intervention("ann", "backup", NOW);
    private static final SweepRestriction CLOSED = SweepRestriction.by(
            new SweepControl.Intervention("windows", "closed"), /* ends= */ false, NOW.plusSeconds(3600));
    private static final SweepRestriction OVER =
            SweepRestriction.by(new SweepControl.Intervention("windows", "closed"), /* ends= */ true, null);

    private final UUID scanId = UUID.randomUUID();
    private final String execution = scanId + "/1/127.0.0.1:6379";
    private final SweepControl control = new SweepControl();
    private final Map<String, SweepRestriction> restrictions = new HashMap<>();
    private final Map<String, PaceCeiling> ceilings = new HashMap<>();
    private final UUID instanceId = UUID.randomUUID();
    private final Map<UUID, Ceilings> instanceCeilings = new HashMap<>();
    private Instant now = NOW;
    private JdbcClient jdbc;
    private InstructionWriter instructions;
    private HoldStore holds;
    private WaitingSweeps waiting;
    private WakeUps wakeUps;
    private RunningSweeps running;

    @BeforeEach
    void open(@TempDir Path folder) {
        DataSource dataSource = TestDatabase.h2(folder);
        jdbc = JdbcClient.create(dataSource);
        instructions = new InstructionWriter(jdbc);
        holds = new HoldStore(jdbc);
        InstructionStore store = new InstructionStore(jdbc);
        SweepDecisions decisions = new SweepDecisions(store, List.of((sweeps, moment) -> Map.copyOf(restrictions)));
        wakeUps = ControlTesting.wakeUps(dataSource, () -> now);
        waiting = new WaitingSweeps(decisions, wakeUps, () -> now);
        running = new RunningSweeps(
                store,
                decisions,
                sweeps -> Map.copyOf(ceilings),
                ids -> Map.copyOf(instanceCeilings),
                wakeUps,
                SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", folder.toString())),
                () -> now);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1', current_timestamp)")
                .param(instanceId)
                .update();
        jdbc.sql("insert into scan (id, instance_id, active_instance_id, scan_type, state, timeout_seconds, created_at)"
                        + " values (?, ?, ?, 'manual', 'waiting', 60, current_timestamp)")
                .params(scanId, instanceId, instanceId)
                .update();
        jdbc.sql("insert into sweep (scan_id, round, node_id, slots, orphans, attempt, finished, visited, reclaimed,"
                        + " expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us)"
                        + " values (?, 1, '127.0.0.1:6379', '0-16383', 0, 1, false, 0, 0, 0, true, true, false, 0, 0)")
                .param(scanId)
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', ?, ?, false, 1)")
                .params(execution, NOW.plusSeconds(10).atOffset(ZoneOffset.UTC))
                .update();
    }

    @Test
    void decision_ofAPausedScan_waitsUntilItIsWoken() {
        instructions.pause(scanId, ANN);
        assertThat(decision()).isEqualTo(new SweepDecision.Wait("paused by ann: backup", null, true));
        assertThat(due()).isAfter(NOW);
        instructions.resume(scanId);
        running.wake(scanId);
        assertThat(due()).isEqualTo(NOW);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void decision_underAHold_waits_andUnderOneOfAnotherProjectDoesNot() {
        holds.put(new HoldStore.Hold("other", ANN));
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
        holds.put(new HoldStore.Hold("p", ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
        holds.remove("p");
        running.wakeProject("other");
        assertThat(due()).isAfter(NOW);
        running.wakeProject("p");
        assertThat(due()).isEqualTo(NOW);
        holds.put(new HoldStore.Hold(HoldStore.EVERYTHING, ANN));
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
    }

    @Test
    void resume_whileTheWorkerIsHandedBack_isFoundAfterwards() {
        instructions.pause(scanId, ANN);
        jdbc.sql("update scheduled_tasks set picked = true").update();
        instructions.resume(scanId);
        running.wake(scanId);
        jdbc.sql("update scheduled_tasks set picked = false").update();
        assertThat(due()).isAfter(NOW);
        waiting.recheckAfter("paused by ann: backup", execution, "127.0.0.1", scanId);
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void recheck_wakesOnlyIfTheReasonHasChanged() {
        restrictions.put(execution, CLOSED);
        waiting.recheckAfter(CLOSED.reason(), execution, "127.0.0.1", scanId);
        assertThat(due()).isAfter(NOW);
        waiting.recheckAfter("paused by ann: backup", execution, "127.0.0.1", scanId);
        assertThat(due()).isEqualTo(NOW);
    }

    /** A worker that is killed after it has put an execution back does not check again whether it must still wait. */
    @Test
    void resume_whoseWakeUpACrashHasPrevented_isMadeUpFor() {
        instructions.pause(scanId, ANN);
        holds.put(new HoldStore.Hold("p", ANN));
        recordHold("paused by ann: backup");
        wakeUps.wakeHeldInVain();
        assertThat(due()).isAfter(NOW);
        instructions.resume(scanId);
        wakeUps.wakeHeldInVain();
        assertThat(due()).as("the project is still held").isAfter(NOW);
        holds.remove("p");
        jdbc.sql("update scheduled_tasks set picked = true").update();
        wakeUps.wakeHeldInVain();
        assertThat(due()).as("a worker has the execution").isAfter(NOW);
        jdbc.sql("update scheduled_tasks set picked = false").update();
        wakeUps.wakeHeldInVain();
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void wait_forAnotherReasonThanAPause_isOnlyEndedByACancel() {
        recordHold("tries again later: refused");
        wakeUps.wakeHeldInVain();
        assertThat(due()).isAfter(NOW);
        instructions.cancel(scanId, ANN);
        wakeUps.wakeHeldInVain();
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void reasonOfAPause_beginsAsTheRepairExpects() {
        for (Scope scope : Scope.values()) {
            assertThat(new Pause(scope, ANN).reason()).startsWith(Pause.reasonBeginning(scope) + "ann");
        }
    }

    private void recordHold(String reason) {
        jdbc.sql("update sweep set hold = ?").param(reason).update();
    }

    @Test
    void pause_thatLasts_givesTheWorkerBack() {
        SweepHandle handle = begin();
        instructions.pause(scanId, ANN);
        running.poll();
        now = now.plus(SweepHandle.MAX_PAUSE_WITH_WORKER).minusMillis(1);
        running.poll();
        assertThat(control.cancelled()).isFalse();
        assertThat(handle.leaveReason()).isNull();
        now = now.plusMillis(1);
        running.poll();
        assertThat(control.cancelled()).isTrue();
        assertThat(handle.leaveReason()).isEqualTo(new SweepDecision.Wait("paused by ann: backup", null, true));
        running.deregister(handle);
    }

    @Test
    void pause_resumedInTime_countsFromTheStart() {
        SweepHandle handle = begin();
        for (int i = 0; i < 3; i++) {
            instructions.pause(scanId, ANN);
            running.poll();
            now = now.plus(SweepHandle.MAX_PAUSE_WITH_WORKER).minusMillis(1);
            running.poll();
            instructions.resume(scanId);
            running.poll();
        }
        assertThat(control.cancelled()).isFalse();
        assertThat(handle.leaveReason()).isNull();
        running.deregister(handle);
    }

    @Test
    void sweep_afterItsTimeout_isKeptByNothing() {
        jdbc.sql("update scan set state = 'running', started_at = ?")
                .param(NOW.atOffset(ZoneOffset.UTC))
                .update();
        instructions.pause(scanId, ANN);
        restrictions.put(execution, CLOSED);
        now = NOW.plusSeconds(60).minusMillis(1);
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
        now = NOW.plusSeconds(60);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void cancel_takesPrecedence() {
        instructions.pause(scanId, ANN);
        restrictions.put(execution, CLOSED);
        instructions.cancel(scanId, new Intervention("bob", null, NOW));
        assertThat(decision()).isEqualTo(new SweepDecision.End("Cancelled by bob"));
    }

    @Test
    void hold_ofARunningSweep_endsItsRun_forLaterOrForGood() {
        SweepHandle handle = begin();
        running.pollRestrictions();
        assertThat(control.cancelled()).isFalse();
        restrictions.put(execution, CLOSED);
        running.pollRestrictions();
        assertThat(control.cancelled()).isTrue();
        assertThat(handle.leaveReason())
                .isEqualTo(new SweepDecision.Wait("held by windows: closed", NOW.plusSeconds(3600), false));
        // A cancel still takes effect.
        instructions.cancel(scanId, new Intervention("bob", null, NOW));
        running.poll();
        assertThat(handle.leaveReason()).isEqualTo(new SweepDecision.End("Cancelled by bob"));
        running.deregister(handle);
        restrictions.clear();
        jdbc.sql("update scan set cancelled_by = null").update();
        handle = begin();
        restrictions.put(execution, OVER);
        running.pollRestrictions();
        assertThat(handle.leaveReason())
                .isEqualTo(new SweepDecision.End("Ended by windows: closed; what was reclaimed stays counted."));
        running.deregister(handle);
    }

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
    void ceilingsOfAnApprovedScan_holdNamesAndLoadAlone() {
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
    void instanceThatForbidsAssist_endsTheAssistOfARunningSweep() {
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

    private static CeilingValues assist(boolean allowed) {
        return new CeilingValues(null, null, null, false, null, null, null, allowed);
    }

    private void setCeilings(CeilingValues values) {
        instanceCeilings.put(instanceId, new Ceilings(List.of(new Ceilings.Owned(Phrase.of("the project"), values)), false));
    }

    @Test
    void instruction_ofAnEndedScan_isRefused_andOldOnesMeanNothing() {
        instructions.pause(scanId, ANN);
        jdbc.sql("update scan set state = 'failed', active_instance_id = null").update();
        assertThat(instructions.pause(scanId, ANN)).isFalse();
        assertThat(instructions.resume(scanId)).isFalse();
        assertThat(instructions.cancel(scanId, ANN)).isFalse();
        assertThat(instructions.tune(scanId, new PaceChange(null, null, 0.5, null, false), null, ANN))
                .isFalse();
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    private static PaceCeiling ceiling(long rate, double share) {
        return new PaceCeiling(rate, share, new SweepControl.Intervention("the budget", ""));
    }

    private SweepHandle newHandle() {
        return running.newHandle(execution, "127.0.0.1", scanId, control);
    }

    private SweepHandle begin() {
        SweepHandle handle = newHandle();
        assertThat(running.register(handle)).isEqualTo(new SweepDecision.GoOn());
        return handle;
    }

    private SweepDecision decision() {
        SweepHandle handle = newHandle();
        SweepDecision decision = running.register(handle);
        running.deregister(handle);
        return decision;
    }

    private Instant due() {
        return jdbc.sql("select execution_time from scheduled_tasks")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
