package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import java.time.Instant;
import java.util.Optional;

/** Makes an execution of db-scheduler that is due later due now. */
public final class ExecutionWakeUp {

    private ExecutionWakeUp() {}

    /**
     * Reschedules an execution to now. Does nothing if the execution does not exist or is picked: its
     * worker checks again whether it must wait, once it has put the execution back.
     *
     * @return whether the execution was rescheduled
     */
    public static boolean wake(SchedulerClient client, TaskInstanceId id, Instant now) {
        Optional<ScheduledExecution<Object>> found = client.getScheduledExecution(id);
        if (found.isEmpty() || found.get().isPicked()) {
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
