package io.keysweep.server.scan;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Takes sweeps up without a scheduler. */
final class Claims {

    private Claims() {}

    /** As a worker does that has just taken the execution up, which it makes up too; gives the attempt. */
    static int claim(JdbcClient jdbc, SweepStore sweeps, SweepKey key) {
        long version = jdbc.sql("select coalesce(max(version), 0) + 1 from scheduled_tasks where task_instance = :key")
                .param("key", key.toString())
                .query(Long.class)
                .single();
        jdbc.sql("delete from scheduled_tasks where task_instance = :key")
                .param("key", key.toString())
                .update();
        jdbc.sql("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                        + " values ('sweep', :key, current_timestamp, true, :version)")
                .param("key", key.toString())
                .param("version", version)
                .update();
        return sweeps.claim(key, version);
    }
}
