package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerCustomizer;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import com.github.kagkarlsson.scheduler.boot.config.startup.ContextReadyStart;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures db-scheduler, which runs only in processes with the role {@code worker}, and marks the executions that it
 * picks with the id of this process. An execution is db-scheduler's entry for one piece of work, such as a sweep.
 */
@Configuration(proxyBeanMethods = false)
class WorkerConfiguration {

    @Bean
    WorkerIdentity workerIdentity() {
        return WorkerIdentity.create();
    }

    /** Makes db-scheduler write the id of this process into the executions that it picks. */
    @Bean
    DbSchedulerCustomizer schedulerByIdentity(WorkerIdentity identity) {
        return new DbSchedulerCustomizer() {
            @Override
            public Optional<SchedulerName> schedulerName() {
                return Optional.of(new SchedulerName.Fixed(identity.id()));
            }
        };
    }

    /** Starts the scheduler only in processes with the role {@code worker}. Other processes only store executions. */
    @Bean
    DbSchedulerStarter schedulerStarter(Scheduler scheduler, ServiceSettings settings) {
        return settings.roles().contains(Role.WORKER) ? new ContextReadyStart(scheduler) : () -> {};
    }
}
