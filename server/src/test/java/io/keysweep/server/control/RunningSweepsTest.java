package io.keysweep.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.pacing.PacePolicy;
import io.keysweep.engine.sweep.SweepControl;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.config.SettingsLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When a sweep keeps its worker, and when it rests without one. */
class RunningSweepsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Intervention ANN = new Intervention("ann", "backup", NOW);

    private final UUID scanId = UUID.randomUUID();
    private final SweepControl control = new SweepControl();
    private Instant now = NOW;
    private JdbcClient jdbc;
    private OrderStore orders;
    private HoldStore holds;
    private RunningSweeps running;

    @BeforeEach
    void open(@TempDir Path folder) {
        jdbc = JdbcClient.create(TestDatabase.h2(folder));
        orders = new OrderStore(jdbc);
        holds = new HoldStore(jdbc);
        running = new RunningSweeps(
                orders, SettingsLoader.load(List.of(), Map.of("KEYSWEEP_HOME", folder.toString())), () -> now);
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
                .params(scanId + "/127.0.0.1:6379", NOW.plusSeconds(10).atOffset(ZoneOffset.UTC))
                .update();
    }

    @Test
    void begin_ofAPausedScan_restsUntilItIsWoken() {
        orders.pause(scanId, ANN);
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isTrue();
            assertThat(rein.again(NOW)).isEqualTo(NOW.plus(Rein.REST));
        }
        assertThat(due()).isAfter(NOW);
        orders.resume(scanId);
        running.wake(scanId);
        assertThat(due()).isEqualTo(NOW);
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isFalse();
        }
    }

    @Test
    void begin_underAHold_rests_andOneOfAnotherProjectDoesNot() {
        holds.put(new HoldStore.Hold("other", ANN));
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isFalse();
        }
        holds.put(new HoldStore.Hold("p", ANN));
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isTrue();
        }
        holds.remove("p");
        holds.put(new HoldStore.Hold(HoldStore.EVERYTHING, ANN));
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isTrue();
        }
    }

    @Test
    void pause_thatLasts_givesTheWorkerBack() {
        try (Rein rein = running.begin(scanId, control)) {
            orders.pause(scanId, ANN);
            running.look();
            now = now.plus(Rein.KEPT).minusMillis(1);
            running.look();
            assertThat(control.cancelled()).isFalse();
            assertThat(rein.resting()).isFalse();
            now = now.plusMillis(1);
            running.look();
            assertThat(control.cancelled()).isTrue();
            assertThat(rein.resting()).isTrue();
            assertThat(rein.cancel()).isNull();
        }
    }

    @Test
    void pause_resumedInTime_countsAnew() {
        try (Rein rein = running.begin(scanId, control)) {
            for (int i = 0; i < 3; i++) {
                orders.pause(scanId, ANN);
                running.look();
                now = now.plus(Rein.KEPT).minusMillis(1);
                running.look();
                orders.resume(scanId);
                running.look();
            }
            assertThat(control.cancelled()).isFalse();
            assertThat(rein.resting()).isFalse();
        }
    }

    @Test
    void rest_ofAStartedScan_endsAtItsDeadline() {
        jdbc.sql("update scan set state = 'running', started_at = ?")
                .param(NOW.atOffset(ZoneOffset.UTC))
                .update();
        orders.pause(scanId, ANN);
        Instant deadline = NOW.plusSeconds(60);
        now = deadline.minusSeconds(3);
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isTrue();
            assertThat(rein.again(now)).isEqualTo(deadline);
        }
        now = deadline;
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isFalse();
        }
    }

    @Test
    void cancel_whilePaused_isPassedOnAndNeedsAWorker() {
        orders.pause(scanId, ANN);
        orders.cancel(scanId, new Intervention("bob", null, NOW));
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isFalse();
            assertThat(rein.cancel()).hasToString("by bob");
            assertThat(control.cancelled()).isTrue();
        }
    }

    @Test
    void tune_changesThePaceToBeginWith() {
        orders.tune(scanId, new PaceChange(null, Duration.ofMillis(3), 0.75, 500L, false), null, ANN);
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.pace().stallBudget()).isEqualTo(Duration.ofMillis(3));
            assertThat(rein.pace().shareCeiling()).isEqualTo(0.75);
            assertThat(rein.pace().rateCeiling()).hasValue(500);
        }
        // A profile takes the place of what was chosen of it, limits and all.
        orders.tune(scanId, new PaceChange(Profile.FULL, null, 0.5, null, false), null, ANN);
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.pace().stallBudget()).isEqualTo(PacePolicy.FULL.stallBudget());
            assertThat(rein.pace().shareCeiling()).isEqualTo(0.5);
            assertThat(rein.pace().limits()).isEqualTo(PacePolicy.FULL.limits());
            assertThat(rein.pace().rateCeiling()).hasValue(500);
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
        try (Rein rein = running.begin(scanId, control)) {
            assertThat(rein.resting()).isFalse();
        }
    }

    private Instant due() {
        return jdbc.sql("select execution_time from scheduled_tasks")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
