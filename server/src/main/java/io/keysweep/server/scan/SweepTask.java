package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The db-scheduler task whose executions each sweep one primary. */
@Configuration(proxyBeanMethods = false)
class SweepTask {

    static final TaskDescriptor<Void> SWEEP = TaskDescriptor.of("sweep");

    /** After a fault of the database: soon again, from the last checkpoint. */
    private static final Duration RETRY = Duration.ofSeconds(3);

    @Bean
    Task<Void> sweepExecution(SweepRunner runner) {
        return Tasks.custom(SWEEP)
                .onDeadExecutionRevive()
                .onFailure((complete, operations) -> operations.reschedule(complete, again(complete)))
                .execute((instance, context) ->
                        runner.run(SweepKey.parse(instance.getId()), context.getExecution().version));
    }

    private static Instant again(ExecutionComplete complete) {
        return complete.getTimeDone().plus(RETRY);
    }
}
