package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the recurring db-scheduler task that starts due passes. Passes are scans that keep the number of dead keys
 * (expired keys that still hold memory) below a target. One worker at a time runs the task.
 */
@Configuration(proxyBeanMethods = false)
class BacklogTask {

    @Bean
    RecurringTask<Void> backlogExecution(BacklogStarter starter) {
        return Tasks.recurring("backlog-target", FixedDelay.of(BacklogStarter.CHECK_INTERVAL))
                .execute((instance, context) -> starter.startDuePasses());
    }
}
