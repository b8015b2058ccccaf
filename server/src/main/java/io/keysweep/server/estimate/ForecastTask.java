package io.keysweep.server.estimate;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.VoidExecutionHandler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.DisabledSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.keysweep.server.config.ServiceSettings;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Declares the recurring db-scheduler task that makes a forecast for every instance, if the setting {@code
 * forecast.hours} is above 0. One worker at a time runs the task.
 *
 * <p>A round makes the forecasts of all instances once. db-scheduler stores when the next round is due. At its start it
 * brings the round forward if the interval has become shorter, and removes it if the rounds were switched off. A longer
 * interval applies after the next round.
 */
@Configuration(proxyBeanMethods = false)
class ForecastTask {

    private static final String NAME = "forecasts";

    @Bean
    RecurringTask<Void> forecastExecution(ScheduledForecasts forecasts, ServiceSettings settings) {
        return task(
                settings.forecastInterval(),
                (instance, context) ->
                        forecasts.makeAll(() -> context.getSchedulerState().isShuttingDown()));
    }

    /**
     * Returns the task.
     *
     * @param interval the time from the end of a round to the next round; zero for no rounds
     * @param round makes the forecasts of one round
     */
    static RecurringTask<Void> task(Duration interval, VoidExecutionHandler<Void> round) {
        return interval.isZero()
                ? new NoForecasts()
                : Tasks.recurring(NAME, FixedDelay.of(interval)).execute(round);
    }

    /**
     * Removes the round that db-scheduler has stored while forecasts were switched on.
     *
     * <p>db-scheduler removes it at its start, but not if a process was killed in the middle of the round. That round
     * is run again later, and this class then removes it without a forecast.
     */
    private static final class NoForecasts extends RecurringTask<Void> {

        private NoForecasts() {
            super(NAME, new DisabledSchedule(), Void.class);
        }

        @Override
        public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
            return new CompletionHandler.OnCompleteRemove<>();
        }

        @Override
        public void executeRecurringly(TaskInstance<Void> instance, ExecutionContext context) {
            // Nobody calls this method, because the method above does not call it.
        }
    }
}
