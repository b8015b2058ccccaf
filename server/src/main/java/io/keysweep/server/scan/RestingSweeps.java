package io.keysweep.server.scan;

import io.keysweep.server.policy.PolicyChanged;
import io.keysweep.server.policy.PolicyKind;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Wakes sweeps that rest by windows when those change, all with one statement; they look for themselves whether they may
 * go on. One that runs is watched anyway.
 */
@Repository
class RestingSweeps {

    private final JdbcClient jdbc;
    private final InstantSource clock;

    RestingSweeps(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @EventListener
    public void wake(PolicyChanged change) {
        if (change.kind() != PolicyKind.WINDOWS) {
            return;
        }
        jdbc.sql("""
                update scheduled_tasks set execution_time = :now, version = version + 1
                where task_name = :task and not picked and execution_time > :now and task_instance in (
                    select cast(sweep.scan_id as varchar(36)) || '/' || cast(sweep.round as varchar(12)) || '/'
                        || sweep.node_id
                    from sweep join scan on scan.id = sweep.scan_id
                    join instance on instance.id = scan.active_instance_id
                    where instance.project_id = :projectId and instance.id = coalesce(:instanceId, instance.id))
                """)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("task", SweepTask.SWEEP.getTaskName())
                .param("projectId", change.projectId())
                .param("instanceId", change.instanceId())
                .update();
    }
}
