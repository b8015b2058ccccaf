package io.keysweep.server.assist;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Restores abandoned settings of servers, which no sweep will restore, every 15 s.
 *
 * <p>Usually, the sweep of a server restores the settings. {@link RaisedSettingsRestorer} says which settings are
 * abandoned. This class defines a recurring task of db-scheduler, which lets only one worker run it at a time.
 */
@Configuration(proxyBeanMethods = false)
class SettingsTask {

    private static final int INTERVAL_SECONDS = 15;

    @Bean
    RecurringTask<Void> raisedSettingsExecution(RaisedSettingsRestorer restorer) {
        return Tasks.recurring("raised-settings", FixedDelay.ofSeconds(INTERVAL_SECONDS))
                .execute((instance, context) -> restorer.restoreAbandoned());
    }
}
