package io.keysweep.server.worker;

import com.github.kagkarlsson.scheduler.Clock;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.TaskRepository;
import com.github.kagkarlsson.scheduler.TaskResolver;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerProperties;
import com.github.kagkarlsson.scheduler.event.SchedulerListeners;
import com.github.kagkarlsson.scheduler.jdbc.AutodetectJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepository;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/**
 * Renews and releases the leases on db-scheduler's executions, through the library's own repository. A lease is the mark
 * {@code picked} with a heartbeat and a version. Each change belongs to the caller's transaction. Safe to share.
 */
@Component
@DependsOnDatabaseInitialization
public final class ExecutionLeases {

    /** No heartbeat is further in the future, even if the clock was set back. */
    private static final Duration LATEST_HEARTBEAT = Duration.ofDays(3650);

    private final TaskResolver resolver;
    private final TaskRepository repository;
    private final InstantSource clock;

    public ExecutionLeases(
            DataSource dataSource, DbSchedulerProperties properties, WorkerIdentity worker, InstantSource clock) {
        DataSource transactional = new TransactionAwareDataSourceProxy(dataSource);
        Clock schedulerClock = clock::instant;
        this.resolver = new TaskResolver(SchedulerListeners.NOOP, schedulerClock, List.of());
        this.repository = new JdbcTaskRepository(
                transactional,
                /* commitWhenAutocommitDisabled= */ false,
                new AutodetectJdbcCustomization(transactional, properties.isAlwaysPersistTimestampInUtc()),
                properties.getTableName(),
                resolver,
                new SchedulerName.Fixed(worker.id()),
                /* orderByPriority= */ false,
                schedulerClock);
        this.clock = clock;
    }

    /**
     * Renews the lease by a heartbeat, and locks the execution until the caller's transaction ends.
     *
     * @param execution as this worker has picked it
     * @return false if the execution has another version: db-scheduler has revived it, and another worker may have picked it
     */
    public boolean renew(Execution execution) {
        return repository.updateHeartbeat(execution, clock.instant());
    }

    /**
     * Releases every lease, so that the executions are due again. Only a process that is alone on its database may call
     * this.
     *
     * @param tasks all tasks of the service
     * @return the number of leases
     */
    int releaseAll(Collection<? extends Task<?>> tasks) {
        tasks.forEach(resolver::addTask);
        List<Execution> leased = repository.getDeadExecutions(clock.instant().plus(LATEST_HEARTBEAT));
        leased.forEach(execution -> repository.reschedule(
                execution,
                execution.executionTime,
                execution.lastSuccess,
                execution.lastFailure,
                execution.consecutiveFailures));
        return leased.size();
    }
}
