package io.keysweep.server.estimate;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.keysweep.server.config.ServiceSettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the recurring db-scheduler task that makes a forecast for every instance, if the setting {@code
 * forecast.hours} is above 0. One worker at a time runs the task.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "keysweep.forecasts", havingValue = "true")
class ForecastTask {

    @Bean
    RecurringTask<Void> forecastExecution(ScheduledForecasts forecasts, ServiceSettings settings) {
        return Tasks.recurring("forecasts", FixedDelay.of(settings.forecastInterval()))
                .execute((instance, context) ->
                        forecasts.makeAll(() -> context.getSchedulerState().isShuttingDown()));
    }
}
