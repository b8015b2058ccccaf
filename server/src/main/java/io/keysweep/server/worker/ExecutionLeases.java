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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/**
 * Renews and releases the leases of workers on db-scheduler's executions, through the library's own repository.
 *
 * <p>An execution is db-scheduler's entry for one piece of work. A worker has the lease of an execution while the
 * columns {@code picked}, heartbeat and version of its row have the values that the worker has written. While a worker
 * renews the lease in time, no other worker picks the execution. If the caller has a transaction, each change is part
 * of it. Thread-safe.
 */
@Component
@DependsOnDatabaseInitialization
public final class ExecutionLeases {

    /**
     * A stored heartbeat can be in the future if the clock was set back since then. This is the maximum of that
     * difference: ten years, which is longer than any real difference.
     */
    private static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofDays(3650);

    private final TaskResolver resolver;
    private final TaskRepository repository;
    private final InstantSource clock;

    public ExecutionLeases(
            DataSource dataSource, DbSchedulerProperties properties, WorkerIdentity worker, InstantSource clock) {
        // The proxy makes the repository use the connection of the caller's transaction instead of one of its own.
        DataSource transactionalSource = new TransactionAwareDataSourceProxy(dataSource);
        Clock schedulerClock = clock::instant;
        this.resolver = new TaskResolver(SchedulerListeners.NOOP, schedulerClock, List.of());
        this.repository = new JdbcTaskRepository(
                transactionalSource,
                /* commitWhenAutocommitDisabled= */ false,
                new AutodetectJdbcCustomization(transactionalSource, properties.isAlwaysPersistTimestampInUtc()),
                properties.getTableName(),
                resolver,
                new SchedulerName.Fixed(worker.id()),
                /* orderByPriority= */ false,
                schedulerClock);
        this.clock = clock;
    }

    /**
     * Renews the lease with a heartbeat, and locks the row of the execution until the caller's transaction ends. Until
     * then no other worker can pick the execution.
     *
     * @param execution execution in the version that this worker has picked
     * @return false if the lease is lost: the execution was removed, or db-scheduler has revived it. A revived
     *     execution has another version, and another worker may have picked it
     */
    public boolean renew(Execution execution) {
        return repository.updateHeartbeat(execution, clock.instant());
    }

    /**
     * Releases every lease, so that the executions are due again at their former times. Only a process that is alone on
     * its database and has not started its scheduler may call this method, because it also takes leases from live
     * workers.
     *
     * @param tasks all tasks of the service; executions of other tasks are not found
     * @return number of leases that were released
     */
    int releaseAll(Collection<? extends Task<?>> tasks) {
        tasks.forEach(resolver::addTask);
        // The repository calls a leased execution dead if its heartbeat is older than the given time. A time in the
        // far future makes all of them dead.
        Instant afterAnyHeartbeat = clock.instant().plus(MAX_CLOCK_DIFFERENCE);
        List<Execution> leasedExecutions = repository.getDeadExecutions(afterAnyHeartbeat);
        leasedExecutions.forEach(execution -> repository.reschedule(
                execution,
                execution.executionTime,
                execution.lastSuccess,
                execution.lastFailure,
                execution.consecutiveFailures));
        return leasedExecutions.size();
    }
}
