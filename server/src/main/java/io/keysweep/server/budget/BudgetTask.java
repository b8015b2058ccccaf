package io.keysweep.server.budget;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring task of db-scheduler that settles permits: one execution, whichever worker takes it. */
@Configuration(proxyBeanMethods = false)
class BudgetTask {

    private static final int SECONDS = 10;

    @Bean
    RecurringTask<Void> budgetExecution(Permits permits) {
        return Tasks.recurring("permits", FixedDelay.ofSeconds(SECONDS))
                .execute((instance, context) -> permits.settle());
    }
}
