package io.keysweep.server.sweep;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Defines the db-scheduler task whose executions each sweep one primary. */
@Configuration(proxyBeanMethods = false)
class SweepTask {

    /** After a fault of the database the sweep continues from its last checkpoint. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);

    @Bean
    Task<Void> sweepExecution(SweepRunner runner) {
        return Tasks.custom(ScanTasks.SWEEP)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
                .execute((instance, context) -> runner.run(SweepKey.parse(instance.getId()), context.getExecution()));
    }
}
