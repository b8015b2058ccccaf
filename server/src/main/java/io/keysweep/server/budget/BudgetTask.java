package io.keysweep.server.budget;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.keysweep.server.control.WakeUps;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Repairs permits every 10 s, and wakes sweeps that still wait although nothing keeps them from running.
 *
 * <p>A permit allows one sweep (the part of a scan that visits one primary) to run within the budgets. A sweep can wait
 * without a reason if a crash has prevented its wake-up. The class defines a recurring task of db-scheduler, which lets
 * only one worker run it at a time.
 */
@Configuration(proxyBeanMethods = false)
class BudgetTask {

    private static final int INTERVAL_SECONDS = 10;

    @Bean
    RecurringTask<Void> budgetExecution(Permits permits, WakeUps wakeUps) {
        return Tasks.recurring("permits", FixedDelay.ofSeconds(INTERVAL_SECONDS))
                .execute((instance, context) -> {
                    permits.repair();
                    wakeUps.wakeSweepsWithoutReasonToWait();
                });
    }
}
