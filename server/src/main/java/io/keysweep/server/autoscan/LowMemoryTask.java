package io.keysweep.server.autoscan;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Declares the recurring db-scheduler task that checks memory every 60 s. One worker at a time runs it. */
@Configuration(proxyBeanMethods = false)
class LowMemoryTask {

    private static final int INTERVAL_SECONDS = 60;

    @Bean
    RecurringTask<Void> memoryExecution(LowMemoryStarter starter) {
        return Tasks.recurring("memory-watch", FixedDelay.ofSeconds(INTERVAL_SECONDS))
                .execute((instance, context) -> starter.startWhereMemoryIsLow());
    }
}
