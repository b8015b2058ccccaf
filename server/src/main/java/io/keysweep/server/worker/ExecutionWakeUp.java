package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes a waiting execution due now, because the reason why it waits has changed. An execution is db-scheduler's entry
 * for one piece of work.
 */
public final class ExecutionWakeUp {

    private ExecutionWakeUp() {}

    /**
     * Reschedules an execution to now. Does nothing if the execution does not exist, if it is due already, or if a
     * worker has picked it. In the last case no change is missed: if the worker reschedules the execution, it then
     * checks again whether the execution must wait.
     *
     * @param now time at which the execution is due
     * @return whether the execution was rescheduled
     */
    public static boolean wake(SchedulerClient client, TaskInstanceId id, Instant now) {
        Optional<ScheduledExecution<Object>> execution = client.getScheduledExecution(id);
        // An execution that is due already keeps its time: workers pick executions in the order of their times, and a
        // later time would put it behind other executions.
        if (execution.isEmpty()
                || execution.get().isPicked()
                || !execution.get().getExecutionTime().isAfter(now)) {
            return false;
        }
        try {
            return client.reschedule(id, now);
        } catch (TaskInstanceException e) {
            // A worker has picked or removed the execution since it was read.
            return false;
        }
    }
}
