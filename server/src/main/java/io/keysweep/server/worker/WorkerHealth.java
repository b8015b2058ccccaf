package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Reports whether this process can do its work: its heartbeats reach the database and, with the role {@code worker},
 * its scheduler runs. The report is a part of {@code /readyz}.
 */
@Component("worker")
final class WorkerHealth implements HealthIndicator {

    private final Heartbeat heartbeat;
    private final Scheduler scheduler;
    private final boolean hasWorkerRole;

    WorkerHealth(Heartbeat heartbeat, Scheduler scheduler, ServiceSettings settings) {
        this.heartbeat = heartbeat;
        this.scheduler = scheduler;
        this.hasWorkerRole = settings.roles().contains(Role.WORKER);
    }

    @Override
    public Health health() {
        // A process without the role worker never starts its scheduler.
        boolean isSchedulerReady = !hasWorkerRole
                || (scheduler.getSchedulerState().isStarted()
                        && !scheduler.getSchedulerState().isShuttingDown());
        return (heartbeat.isRecent() && isSchedulerReady ? Health.up() : Health.down()).build();
    }
}
