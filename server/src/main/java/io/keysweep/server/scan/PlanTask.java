package io.keysweep.server.scan;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.control.ScanTasks;
import io.keysweep.server.worker.FailureBackoff;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task {@code plan}, whose executions each plan one round of a cluster's scan.
 *
 * <p>An execution is db-scheduler's entry for one piece of work. A round sweeps shards of the cluster (visits all their
 * keys) side by side. A shard is the part of the cluster that one primary serves, and consists of slots. The first
 * round sweeps all shards. Later rounds sweep the slots that have moved to another shard in the meantime. {@link
 * RoundPlanner} does the planning.
 */
@Configuration(proxyBeanMethods = false)
class PlanTask {

    @Bean
    Task<Void> planExecution(RoundPlanner planner, FailureBackoff backoff) {
        return Tasks.custom(ScanTasks.PLAN)
                // If a worker dies, db-scheduler makes the execution due again, and another worker runs it.
                .onDeadExecutionRevive()
                .onFailure(backoff.retryUntilHopeless((complete, operations) -> {
                    String id = complete.getExecution().getId();
                    planner.fail(scanId(id), round(id));
                    operations.remove();
                }))
                .execute((instance, context) -> planner.plan(scanId(instance.getId()), round(instance.getId())));
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
