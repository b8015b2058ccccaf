package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.keysweep.server.worker.FailureBackoff;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the db-scheduler task that starts the scans of schedules.
 *
 * <p>An execution is an entry in the table of db-scheduler, which runs it on one of the workers when it is due. Every
 * enabled version of a configuration has its own execution, which is rescheduled from start to start. An execution
 * removes itself once a newer version is stored. A change of the schedule therefore never has to modify an execution
 * that may be running.
 */
@Configuration(proxyBeanMethods = false)
class AutoScanTask {

    static final TaskDescriptor<Void> AUTOSCAN = TaskDescriptor.of("autoscan");

    @Bean
    Task<Void> autoScanExecution(ScheduledStarter starter, FailureBackoff backoff) {
        return Tasks.custom(AUTOSCAN)
                // The execution of a worker that has died runs again on another worker.
                .onDeadExecutionRevive()
                // An exception, for example while the database is down, must not end the schedule. The delay after a
                // start that fails must not make the next start more than a minute late.
                .onFailure(backoff.retryForever(
                        complete -> starter.nextStart(complete.getExecution().getId(), complete.getTimeDone())))
                .execute((instance, context) -> starter.run(instance.getId(), context.getSchedulerClient()));
    }

    /** Returns the id of the execution of a configuration: the instance and the version, such as {@code 0f8b…/3}. */
    static String id(AutoScanConfig config) {
        return config.instanceId() + "/" + config.version();
    }
}
