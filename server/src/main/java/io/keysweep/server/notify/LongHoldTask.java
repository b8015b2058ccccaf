package io.keysweep.server.notify;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the recurring db-scheduler task that checks every 30 s for scans that have been on hold for long.
 *
 * <p>One worker at a time runs the check, which is {@link LongHoldNotices#check}.
 */
@Configuration(proxyBeanMethods = false)
class LongHoldTask {

    /** Pause between two checks. */
    private static final int CHECK_SECONDS = 30;

    @Bean
    RecurringTask<Void> heldExecution(LongHoldNotices notices) {
        return Tasks.recurring("held-watch", FixedDelay.ofSeconds(CHECK_SECONDS))
                .execute((instance, context) -> notices.check());
    }
}
