package io.keysweep.server.retention;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring task of db-scheduler that keeps retention: one execution, whichever worker takes it. */
@Configuration(proxyBeanMethods = false)
class RetentionTask {

    private static final int MINUTES = 60;

    @Bean
    RecurringTask<Void> retentionExecution(Retention retention) {
        return Tasks.recurring("retention", FixedDelay.ofMinutes(MINUTES))
                .execute((instance, context) -> retention.run());
    }
}
