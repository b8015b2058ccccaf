package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring task of db-scheduler that holds backlogs under their targets: one execution, whichever worker takes it. */
@Configuration(proxyBeanMethods = false)
class BacklogTask {

    @Bean
    RecurringTask<Void> backlogExecution(BacklogKeeper keeper) {
        return Tasks.recurring("backlog-target", FixedDelay.of(BacklogKeeper.EVERY))
                .execute((instance, context) -> keeper.look());
    }
}
