package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.worker.FailureBackoff;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task {@code sweep}. Each of its executions (entries of db-scheduler) is the work on one
 * sweep, the part of a scan that visits one primary. {@link SweepRunner} does this work.
 */
@Configuration(proxyBeanMethods = false)
class SweepTask {

    @Bean
    Task<Void> sweepExecution(SweepRunner runner, FailureBackoff backoff) {
        return Tasks.custom(ScanTasks.SWEEP)
                // If a worker dies, db-scheduler makes the execution due again, and another worker picks it.
                .onDeadExecutionRevive()
                // A repeated sweep continues from its last checkpoint, for example after an outage of the database.
                .onFailure(backoff.retryUntilHopeless((complete, operations) -> {
                    Execution execution = complete.getExecution();
                    runner.fail(SweepKey.parse(execution.getId()), execution).complete(complete, operations);
                }))
                .execute((instance, context) -> runner.run(SweepKey.parse(instance.getId()), context.getExecution()));
    }
}
