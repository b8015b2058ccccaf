package io.keysweep.server.budget;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.keysweep.server.control.WakeUps;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Defines the db-scheduler task that repairs permits, and makes up for wake-ups that a crash has prevented, every 10 s.
 * It has one execution, so only one worker runs it at a time.
 */
@Configuration(proxyBeanMethods = false)
class BudgetTask {

    private static final int INTERVAL_SECONDS = 10;

    @Bean
    RecurringTask<Void> budgetExecution(Permits permits, WakeUps wakeUps) {
        return Tasks.recurring("permits", FixedDelay.ofSeconds(INTERVAL_SECONDS))
                .execute((instance, context) -> {
                    permits.repair();
                    wakeUps.wakeHeldInVain();
                });
    }
}
