package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import java.time.Duration;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task {@code plan}, whose executions each plan one round of a cluster's scan.
 *
 * <p>A round sweeps the shards of the cluster (the parts that one primary each serves) side by side. The first round
 * sweeps all shards. Later rounds sweep the slots, of which shards consist, that have moved to another shard meanwhile.
 * {@link RoundPlanner} does the planning.
 */
@Configuration(proxyBeanMethods = false)
class PlanTask {

    /**
     * Delay before db-scheduler repeats an execution that has thrown an exception, for example in an outage of the
     * database.
     */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);

    @Bean
    Task<Void> planExecution(RoundPlanner planner) {
        return Tasks.custom(ScanTasks.PLAN)
                // If a worker dies, db-scheduler makes the execution due again, and another worker runs it.
                .onDeadExecutionRevive()
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, complete.getTimeDone().plus(RETRY_DELAY)))
                .execute((instance, context) -> {
                    String[] scanIdAndRound = instance.getId().split("/", 2);
                    return planner.plan(UUID.fromString(scanIdAndRound[0]), Integer.parseInt(scanIdAndRound[1]));
                });
    }

    /** Returns the id of the execution that plans a round: {@code <scan id>/<round>}. */
    static String id(UUID scanId, int round) {
        return scanId + "/" + round;
    }
}
