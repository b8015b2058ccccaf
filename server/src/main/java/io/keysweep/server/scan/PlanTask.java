package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.worker.FailureBackoff;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger LOG = LoggerFactory.getLogger(PlanTask.class);

    @Bean
    Task<Void> planExecution(RoundPlanner planner) {
        return Tasks.custom(ScanTasks.PLAN)
                // If a worker dies, db-scheduler makes the execution due again, and another worker runs it.
                .onDeadExecutionRevive()
                .onFailure((complete, operations) -> {
                    if (FailureBackoff.isHopeless(complete)) {
                        end(planner, complete, operations);
                    } else {
                        FailureBackoff.reschedule(complete, operations);
                    }
                })
                .execute((instance, context) -> planner.plan(scanId(instance.getId()), round(instance.getId())));
    }

    /** Ends the scan of an execution as failed. If even that fails, the execution is repeated. */
    private static void end(RoundPlanner planner, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        String id = complete.getExecution().getId();
        try {
            planner.fail(scanId(id), round(id));
            operations.remove();
        } catch (RuntimeException e) {
            LOG.error("Scan {} cannot be ended", scanId(id), e);
            FailureBackoff.reschedule(complete, operations);
        }
    }

    /** Returns the id of the execution that plans a round: {@code <scan id>/<round>}. */
    static String id(UUID scanId, int round) {
        return scanId + "/" + round;
    }

    private static UUID scanId(String id) {
        return UUID.fromString(id.substring(0, id.indexOf('/')));
    }

    private static int round(String id) {
        return Integer.parseInt(id.substring(id.indexOf('/') + 1));
    }
}
