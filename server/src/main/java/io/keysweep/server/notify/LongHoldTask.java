package io.keysweep.server.notify;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The recurring task of db-scheduler that looks for scans on hold: one execution, whichever worker takes it. */
@Configuration(proxyBeanMethods = false)
class LongHoldTask {

    private static final int SECONDS = 30;

    @Bean
    RecurringTask<Void> heldExecution(LongHoldNotices watch) {
        return Tasks.recurring("held-watch", FixedDelay.ofSeconds(SECONDS))
                .execute((instance, context) -> watch.look());
    }
}
