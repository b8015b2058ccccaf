package io.keysweep.server.control;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Wakes executions that rest: makes them due now, so that some worker looks whether they may go on. One that is still a
 * worker's is not reached; whoever puts it back looks again afterwards. Safe to share.
 */
@Repository
public class WakeUps {

    private static final String WAKE = """
            update scheduled_tasks set execution_time = :now, version = version + 1
            where task_name in ('sweep', 'plan') and not picked and execution_time > :now and\s""";

    /** Sweeps that wait for a permit are woken when they get one. */
    private static final String OF_ACTIVE_SCANS = """
            substring(task_instance from 1 for 36) in (
                select cast(scan.id as varchar(36)) from scan join instance on instance.id = scan.active_instance_id
                where instance.project_id = coalesce(:projectId, instance.project_id)
                    and instance.id = coalesce(:instanceId, instance.id))
            and not exists (select 1 from permit where permit.execution = task_instance and granted_at is null)
            """;

    private final JdbcClient jdbc;
    private final ObjectProvider<Scheduler> scheduler;
    private final InstantSource clock;

    WakeUps(JdbcClient jdbc, ObjectProvider<Scheduler> scheduler, InstantSource clock) {
        this.jdbc = jdbc;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Waits until nobody else wakes many executions or grants permits, until the transaction ends: two statements that
     * change the same rows in different orders would wait for each other.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock() {
        jdbc.sql("select id from permit_lock for update").query(Integer.class).single();
    }

    /** One execution. */
    public void execution(String id) {
        wake("task_instance = :id", Map.of("id", id));
    }

    /** All executions of a scan. */
    @Transactional
    public void scan(UUID scanId) {
        lock();
        wake("task_instance like :id", Map.of("id", scanId + "/%"));
    }

    /** All executions of a project's scans, or of everybody's; those that wait for a permit apart. */
    @Transactional
    public void project(@Nullable String projectId) {
        lock();
        ofActiveScans(projectId, null);
    }

    /** The sweeps that hold a permit: they have no reason to rest. Whoever calls has the {@link #lock}. */
    public void granted() {
        wake("task_instance in (select execution from permit where granted_at is not null)", Map.of());
    }

    /** Those that rest by windows, when windows have changed. After the commit: they would not see the change before. */
    @TransactionalEventListener(fallbackExecution = true)
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void windowsChanged(PolicyChanged change) {
        if (change.kind() == PolicyKind.WINDOWS) {
            lock();
            ofActiveScans(change.projectId(), change.instanceId());
        }
    }

    /** Has this process look at once for what is due. */
    public void look() {
        scheduler.ifAvailable(Scheduler::triggerCheckForDueExecutions);
    }

    private void ofActiveScans(@Nullable String projectId, @Nullable UUID instanceId) {
        jdbc.sql(WAKE + OF_ACTIVE_SCANS)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("projectId", projectId)
                .param("instanceId", instanceId)
                .update();
    }

    private void wake(String which, Map<String, ?> params) {
        jdbc.sql(WAKE + which)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .params(params)
                .update();
    }
}
