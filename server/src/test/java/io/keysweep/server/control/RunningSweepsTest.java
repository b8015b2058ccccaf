package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.SettingsLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When a sweep goes on, keeps its worker, rests without one, or ends. */
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
    private final Map<String, SweepRestriction> restraints = new HashMap<>();
    private final Map<String, PaceCeiling> ceilings = new HashMap<>();
    private Instant now = NOW;
    private JdbcClient jdbc;
    private InstructionStore orders;
    private HoldStore holds;
    private RunningSweeps running;

    @BeforeEach
    void open(@TempDir Path folder) {
        jdbc = JdbcClient.create(TestDatabase.h2(folder));
        orders = new InstructionStore(jdbc);
        holds = new HoldStore(jdbc);
        running = new RunningSweeps(
                orders,
                List.of((sweeps, moment) -> Map.copyOf(restraints)),
                sweeps -> Map.copyOf(ceilings),
                new WakeUps(jdbc, new StaticListableBeanFactory().getBeanProvider(Scheduler.class), () -> now),
                SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", folder.toString())),
                () -> now);
        UUID instanceId = UUID.randomUUID();
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
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', ?, ?, false, 1)")
                .params(execution, NOW.plusSeconds(10).atOffset(ZoneOffset.UTC))
                .update();
    }

    @Test
    void verdict_ofAPausedScan_restsUntilItIsWoken() {
        orders.pause(scanId, ANN);
        assertThat(decision()).isEqualTo(new SweepDecision.Wait("paused by ann: backup", null));
        assertThat(due()).isAfter(NOW);
        orders.resume(scanId);
        running.wake(scanId);
        assertThat(due()).isEqualTo(NOW);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void verdict_underAHold_rests_andUnderOneOfAnotherProjectDoesNot() {
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
        orders.pause(scanId, ANN);
        jdbc.sql("update scheduled_tasks set picked = true").update();
        orders.resume(scanId);
        running.wake(scanId);
        jdbc.sql("update scheduled_tasks set picked = false").update();
        assertThat(due()).isAfter(NOW);
        running.lookAgain(execution, "127.0.0.1", scanId, "paused by ann: backup");
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void lookAgain_wakesOnlyWhereTheReasonIsAnother() {
        restraints.put(execution, CLOSED);
        running.lookAgain(execution, "127.0.0.1", scanId, CLOSED.reason());
        assertThat(due()).isAfter(NOW);
        running.lookAgain(execution, "127.0.0.1", scanId, "paused by ann: backup");
        assertThat(due()).isEqualTo(NOW);
    }

    @Test
    void pause_thatLasts_givesTheWorkerBack() {
        try (SweepHandle sweepHandle = begin()) {
            orders.pause(scanId, ANN);
            running.look();
            now = now.plus(SweepHandle.KEPT).minusMillis(1);
            running.look();
            assertThat(control.cancelled()).isFalse();
            assertThat(sweepHandle.left()).isNull();
            now = now.plusMillis(1);
            running.look();
            assertThat(control.cancelled()).isTrue();
            assertThat(sweepHandle.left()).isEqualTo(new SweepDecision.Wait("paused by ann: backup", null));
        }
    }

    @Test
    void pause_resumedInTime_countsAnew() {
        try (SweepHandle sweepHandle = begin()) {
            for (int i = 0; i < 3; i++) {
                orders.pause(scanId, ANN);
                running.look();
                now = now.plus(SweepHandle.KEPT).minusMillis(1);
                running.look();
                orders.resume(scanId);
                running.look();
            }
            assertThat(control.cancelled()).isFalse();
            assertThat(sweepHandle.left()).isNull();
        }
    }

    @Test
    void sweep_whoseTimeIsOver_isKeptByNothing() {
        jdbc.sql("update scan set state = 'running', started_at = ?")
                .param(NOW.atOffset(ZoneOffset.UTC))
                .update();
        orders.pause(scanId, ANN);
        restraints.put(execution, CLOSED);
        now = NOW.plusSeconds(60).minusMillis(1);
        assertThat(decision()).isInstanceOf(SweepDecision.Wait.class);
        now = NOW.plusSeconds(60);
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    @Test
    void cancel_goesBeforeEverythingElse() {
        orders.pause(scanId, ANN);
        restraints.put(execution, CLOSED);
        orders.cancel(scanId, new Intervention("bob", null, NOW));
        assertThat(decision()).isEqualTo(new SweepDecision.End("Cancelled by bob"));
    }

    @Test
    void hold_ofARunningSweep_endsItsRun_forLaterOrForGood() {
        try (SweepHandle sweepHandle = begin()) {
            running.lookAtHolds();
            assertThat(control.cancelled()).isFalse();
            restraints.put(execution, CLOSED);
            running.lookAtHolds();
            assertThat(control.cancelled()).isTrue();
            assertThat(sweepHandle.left())
                    .isEqualTo(new SweepDecision.Wait("paused by windows: closed", NOW.plusSeconds(3600)));
            // A cancel is still heard.
            orders.cancel(scanId, new Intervention("bob", null, NOW));
            running.look();
            assertThat(sweepHandle.left()).isEqualTo(new SweepDecision.End("Cancelled by bob"));
        }
        restraints.clear();
        jdbc.sql("update scan set cancelled_by = null").update();
        try (SweepHandle sweepHandle = begin()) {
            restraints.put(execution, OVER);
            running.lookAtHolds();
            assertThat(sweepHandle.left())
                    .isEqualTo(new SweepDecision.End("Ended by windows: closed; what was reclaimed stays counted."));
        }
    }

    @Test
    void tune_changesThePaceToBeginWith() {
        orders.tune(scanId, new PaceChange(null, Duration.ofMillis(3), 0.75, 500L, false), null, ANN);
        try (SweepHandle sweepHandle = begin()) {
            assertThat(sweepHandle.pace().stallBudget()).isEqualTo(Duration.ofMillis(3));
            assertThat(sweepHandle.pace().shareCeiling()).isEqualTo(0.75);
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(500);
        }
        // A profile takes the place of what was chosen of it, limits and all.
        orders.tune(scanId, new PaceChange(Profile.FULL, null, 0.5, null, false), null, ANN);
        try (SweepHandle sweepHandle = begin()) {
            assertThat(sweepHandle.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
            assertThat(sweepHandle.pace().shareCeiling()).isEqualTo(0.5);
            assertThat(sweepHandle.pace().limits()).isEqualTo(PacePolicy.FULL.limits());
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(500);
        }
    }

    @Test
    void ceiling_andTheScansOwnPace_theLowerOneWins() {
        orders.tune(scanId, new PaceChange(null, null, 0.2, 500L, false), null, ANN);
        ceilings.put(execution, ceiling(400L, 0.1));
        try (SweepHandle sweepHandle = begin()) {
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(400);
            assertThat(sweepHandle.pace().shareCeiling()).isEqualTo(0.1);
            ceilings.put(execution, ceiling(900L, 0.15));
            running.lookAtHolds();
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(500);
            assertThat(sweepHandle.pace().shareCeiling()).isEqualTo(0.15);
            orders.tune(scanId, new PaceChange(null, null, null, 950L, false), null, ANN);
            running.look();
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(900);
            ceilings.clear();
            running.lookAtHolds();
            assertThat(sweepHandle.pace().rateCeiling()).hasValue(950);
            assertThat(sweepHandle.pace().shareCeiling()).isEqualTo(0.2);
        }
    }

    @Test
    void order_ofAnEndedScan_isRefusedAndOldOnesMeanNothing() {
        orders.pause(scanId, ANN);
        jdbc.sql("update scan set state = 'failed', active_instance_id = null").update();
        assertThat(orders.pause(scanId, ANN)).isFalse();
        assertThat(orders.resume(scanId)).isFalse();
        assertThat(orders.cancel(scanId, ANN)).isFalse();
        assertThat(orders.tune(scanId, new PaceChange(null, null, 0.5, null, false), null, ANN))
                .isFalse();
        assertThat(decision()).isEqualTo(new SweepDecision.GoOn());
    }

    private static PaceCeiling ceiling(long rate, double share) {
        return new PaceCeiling(rate, share, new SweepControl.Intervention("the budget", ""));
    }

    private SweepHandle sweepHandle() {
        return running.sweepHandle(execution, "127.0.0.1", scanId, control);
    }

    private SweepHandle begin() {
        SweepHandle sweepHandle = sweepHandle();
        assertThat(sweepHandle.decision()).isEqualTo(new SweepDecision.GoOn());
        return sweepHandle;
    }

    private SweepDecision decision() {
        try (SweepHandle sweepHandle = sweepHandle()) {
            return sweepHandle.decision();
        }
    }

    private Instant due() {
        return jdbc.sql("select execution_time from scheduled_tasks")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
