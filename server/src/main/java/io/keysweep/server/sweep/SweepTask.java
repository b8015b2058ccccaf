package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task {@code sweep}. Each of its executions is the work on the sweep of one primary, which
 * {@link SweepRunner} does.
 */
@Configuration(proxyBeanMethods = false)
class SweepTask {

    /**
     * Delay before db-scheduler repeats an execution that has thrown an exception, for example in an outage of the
     * database. The sweep then continues from its last checkpoint, the stored positions and counts.
     */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);

    @Bean
    Task<Void> sweepExecution(SweepRunner runner) {
        return Tasks.custom(ScanTasks.SWEEP)
                // If a worker dies, db-scheduler makes the execution due again, and another worker picks it.
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
                .execute((instance, context) -> runner.run(SweepKey.parse(instance.getId()), context.getExecution()));
    }
}
