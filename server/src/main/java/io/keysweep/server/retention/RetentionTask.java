package io.keysweep.server.retention;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task that applies {@link Retention} every hour.
 *
 * <p>The task has a single execution (entry in db-scheduler's table), so only one worker runs it at a time.
 */
@Configuration(proxyBeanMethods = false)
class RetentionTask {

    private static final int INTERVAL_MINUTES = 60;

    @Bean
    RecurringTask<Void> retentionExecution(Retention retention) {
        return Tasks.recurring("retention", FixedDelay.ofMinutes(INTERVAL_MINUTES))
                .execute((instance, context) -> retention.run());
    }
}
